package promised

import (
	"context"
	"iter"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	pb "promised.local/clients/go/promisedv1"
)

// Watch yields the events that the filters of EventService.Watch leave, on and on: a stream that breaks is opened anew
// where it stood, without a gap or a repetition. It ends with the context, after an error, or after Timeout without a
// server. From now on, unless FromSequence says from where.
func (c *Client) Watch(ctx context.Context, filters *pb.WatchEventsRequest) iter.Seq2[*pb.Event, error] {
	return func(yield func(*pb.Event, error) bool) {
		watch := &watch{client: c, filters: proto.Clone(filters).(*pb.WatchEventsRequest), yield: yield, came: time.Now()}
		for attempt := 0; ; attempt++ {
			before := watch.came
			refused, more := watch.once(ctx)
			if !more {
				return
			}
			if watch.came != before {
				attempt = 0
			}
			if ctx.Err() != nil || !refused.Passing() || time.Since(watch.came) > Timeout || !pause(ctx, refused, attempt) {
				yield(nil, refused)
				return
			}
		}
	}
}

type watch struct {
	client  *Client
	filters *pb.WatchEventsRequest
	yield   func(*pb.Event, error) bool
	last    *pb.Event
	came    time.Time
}

// once goes on over one stream; false where the caller has had enough or the feed has come to the end that was asked for.
func (w *watch) once(ctx context.Context) (*Error, bool) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := w.client.Events.Watch(ctx, w.filters)
	for err == nil {
		var event *pb.Event
		if event, err = stream.Recv(); err != nil {
			break
		}
		w.came = time.Now()
		if w.last != nil && (event.Sequence < w.last.Sequence || (event.Sequence == w.last.Sequence && event.Number <= w.last.Number)) {
			continue
		}
		w.last, w.filters.FromSequence = event, proto.Uint64(event.Sequence)
		if !w.yield(event, nil) {
			return nil, false
		}
	}
	refused, is := fromStream(err).(*Error)
	if !is {
		refused = &Error{Code: codes.Unavailable, Message: "the feed ended"}
	}
	return refused, is || w.filters.UntilSequence == nil
}
