package promised

import (
	"context"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"

	pb "promised.local/clients/go/promisedv1"
)

func TestWhatIsRepeated(t *testing.T) {
	for _, one := range []struct {
		method  string
		request any
		want    bool
	}{
		{"/promised.v1.PromiseService/Promise", &pb.PromiseRequest{}, true},
		{"/promised.v1.PromiseService/List", &pb.ListPromisesRequest{}, true},
		{"/promised.v1.ScenarioService/Compare", &pb.CompareRequest{}, true},
		{"/promised.v1.ScenarioService/Create", &pb.CreateScenarioRequest{}, false},
		{"/promised.v1.ScenarioService/Change", &pb.ChangeScenarioRequest{}, false},
		{"/promised.v1.SnapshotService/Activate", &pb.ActivateRequest{}, false},
		// A run makes a scenario of its own each time, unless it is applied.
		{"/promised.v1.BacklogService/Run", &pb.RunBacklogRequest{RequestId: "R"}, false},
		{"/promised.v1.BacklogService/Run", &pb.RunBacklogRequest{RequestId: "R", Apply: true}, true},
	} {
		if got := repeatable(one.method, one.request); got != one.want {
			t.Errorf("%s: %v", one.method, got)
		}
	}
}

func TestWhereTheServerSaysThatNothingWasDone(t *testing.T) {
	for _, one := range []struct {
		err  Error
		want bool
	}{
		{Error{Code: codes.Unavailable}, false},
		{Error{Code: codes.Unavailable, Reason: ReasonOutcomeUnknown}, false},
		{Error{Code: codes.Unavailable, Reason: "NO_LEADER"}, true},
		{Error{Code: codes.ResourceExhausted, RetryAfter: time.Second}, true},
	} {
		if got := one.err.NothingDone(); got != one.want {
			t.Errorf("%v: %v", one.err, got)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if pause(ctx, &Error{RetryAfter: time.Second}, 0) {
		t.Error("the caller's time bounds it")
	}
}

func TestHeaders(t *testing.T) {
	n := 0
	calls := &caller{config: Config{TokenSource: func() (string, error) { n++; return string(rune('0' + n)), nil }}}
	seen := "p0:17"
	calls.seen.Store(&seen)
	for _, want := range []string{"Bearer 1", "Bearer 2"} {
		ctx, err := calls.header(t.Context())
		sent, _ := metadata.FromOutgoingContext(ctx)
		if err != nil || sent.Get("authorization")[0] != want || sent.Get("promised-at-least")[0] != seen {
			t.Error(sent, err)
		}
	}
	ctx, _ := calls.header(Fresh(AtLeast(t.Context(), "p0:99")))
	sent, _ := metadata.FromOutgoingContext(ctx)
	if got := sent.Get("promised-at-least"); len(got) != 1 || got[0] != "p0:99" || sent.Get("promised-fresh")[0] != "true" {
		t.Error(sent)
	}
}
