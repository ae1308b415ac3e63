package promised_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	promised "promised.local/clients/go"
	"promised.local/clients/go/promisedtest"
	pb "promised.local/clients/go/promisedv1"
)

const tiny = "../../snapshots/tiny"

func line(order string) *pb.OrderLine {
	return &pb.OrderLine{Order: order, Item: "PUMP", Quantity: 1, RequestedDate: "2026-12-10", Customer: "NORDWIND"}
}

func request(id string) *pb.PromiseRequest {
	return &pb.PromiseRequest{RequestId: id, Lines: []*pb.OrderLine{line(id)}}
}

func TestARefusalHasCodeReasonAndFields(t *testing.T) {
	client := promisedtest.Start(t, tiny).Client()
	_, err := client.Promises.Promise(t.Context(), &pb.PromiseRequest{Lines: []*pb.OrderLine{{Order: "A", Item: "NONE", Quantity: 1, RequestedDate: "2026-11-26"}}})
	var refused *promised.Error
	if !errors.As(err, &refused) {
		t.Fatalf("%T: %v", err, err)
	}
	if refused.Code != codes.InvalidArgument || status.Code(err) != codes.InvalidArgument || refused.Reason != promised.ReasonInvalidFields {
		t.Error(refused)
	}
	if len(refused.Violations) != 1 || refused.Violations[0].Field != "lines[0].item" {
		t.Error(refused.Violations)
	}
	_, err = client.Promises.Get(t.Context(), &pb.GetPromiseRequest{PromiseId: "P999"})
	if !errors.As(err, &refused) || refused.Reason != promised.ReasonPromiseNotFound {
		t.Error(err)
	}
}

func TestACommandGoesOnOverARestart(t *testing.T) {
	server := promisedtest.Start(t, tiny)
	client := server.Client()
	first, err := client.Promises.Promise(t.Context(), request("R-1"))
	if err != nil {
		t.Fatal(err)
	}
	server.Kill()
	time.AfterFunc(300*time.Millisecond, server.Start)
	again, err := client.Promises.Promise(t.Context(), request("R-1"))
	if err != nil || again.Promises[0].PromiseId != first.Promises[0].PromiseId {
		t.Fatal(again, err)
	}
}

func TestNobodyThereEndsWithTheContext(t *testing.T) {
	server := promisedtest.Start(t, tiny)
	server.Kill()
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	_, err := server.Client().Promises.Get(ctx, &pb.GetPromiseRequest{PromiseId: "P1"})
	if code := status.Code(err); code != codes.Unavailable && code != codes.DeadlineExceeded {
		t.Fatal(err)
	}
}

func TestManyGoOnOverARestart(t *testing.T) {
	server := promisedtest.Start(t, tiny)
	client := server.Client()
	var want, seen []string
	for n := range 12 {
		want = append(want, fmt.Sprintf("M-%d", n))
	}
	requests := func(yield func(*pb.PromiseRequest) bool) {
		for _, id := range want {
			if !yield(request(id)) {
				return
			}
		}
	}
	for answer, err := range client.PromiseMany(t.Context(), requests, 4) {
		if err != nil {
			t.Fatal(err)
		}
		if seen = append(seen, answer.RequestId); len(seen) == 5 {
			server.Kill()
			server.Start()
		}
	}
	var kept []string
	for promise, err := range client.Pages(t.Context(), &pb.ListPromisesRequest{Customer: "NORDWIND", PageSize: 5}) {
		if err != nil {
			t.Fatal(err)
		}
		kept = append(kept, promise.Order)
	}
	if !slices.Equal(seen, want) || !slices.Equal(kept, want) {
		t.Fatal(seen, kept)
	}
}

func TestManyWithAFaultyOneInBetween(t *testing.T) {
	client := promisedtest.Start(t, tiny).Client()
	faulty := request("F-2")
	faulty.Lines[0].Item = "NONE"
	var fields []string
	for _, err := range client.PromiseMany(t.Context(), slices.Values([]*pb.PromiseRequest{request("F-1"), faulty, request("F-3")}), 2) {
		var refused *promised.Error
		if errors.As(err, &refused) {
			fields = append(fields, refused.Violations[0].Field)
		} else {
			fields = append(fields, "")
		}
	}
	if !slices.Equal(fields, []string{"", "lines[0].item", ""}) {
		t.Fatal(fields)
	}
}

func TestValues(t *testing.T) {
	for number, want := range map[float64]string{0.1 + 0.2: "0.3", 1000: "1000", 2.5: "2.5", -0.0000001: "0"} {
		if got := promised.Amount(number); got != want {
			t.Errorf("%v: %s", number, got)
		}
	}
	if number, err := promised.Quantity("2.5"); number != 2.5 || err != nil {
		t.Error(number, err)
	}
	if _, err := promised.Quantity("0.0000001"); err == nil {
		t.Error("seven decimals are too many")
	}
	day := time.Date(2026, 11, 26, 13, 0, 0, 0, time.UTC)
	if read, err := promised.Day(promised.Date(day)); err != nil || !read.Equal(day.Truncate(24*time.Hour)) {
		t.Error(read, err)
	}
	if moment, err := promised.Moment("2026-11-29T16:00:00.5Z"); err != nil || moment.Nanosecond() != 500_000_000 {
		t.Error(moment, err)
	}
}
