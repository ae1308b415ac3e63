package promised

import (
	"context"
	"errors"
	"io"
	"iter"
	"time"

	"google.golang.org/grpc/codes"

	pb "promised.local/clients/go/promisedv1"
)

// PromiseMany promises many requests over one stream and yields an answer or an *Error each, in their order.
//
// At most window are under way: the next is taken when the caller has taken an answer. A stream that breaks is opened
// anew, and what was not answered is sent again under the same ids, for as long as an answer comes within Timeout; a
// request refused for want of room is asked again by itself.
func (c *Client) PromiseMany(ctx context.Context, requests iter.Seq[*pb.PromiseRequest], window int) iter.Seq2[*pb.PromiseResponse, error] {
	return func(yield func(*pb.PromiseResponse, error) bool) {
		next, stop := iter.Pull(requests)
		defer stop()
		many := &many{client: c, next: next, window: max(1, window), yield: yield, last: time.Now()}
		for wait := 50 * time.Millisecond; ; wait = min(2*wait, 2*time.Second) {
			before := many.last
			err := many.once(ctx)
			if err == nil {
				return
			}
			if many.last != before {
				wait = 50 * time.Millisecond
			}
			refused := From(err).(*Error)
			if !refused.Passing() || time.Since(many.last)+wait > Timeout {
				yield(nil, refused)
				return
			}
			select {
			case <-time.After(max(wait, refused.RetryAfter)):
			case <-ctx.Done():
				yield(nil, ctx.Err())
				return
			}
		}
	}
}

type many struct {
	client  *Client
	next    func() (*pb.PromiseRequest, bool)
	window  int
	yield   func(*pb.PromiseResponse, error) bool
	waiting []*pb.PromiseRequest
	last    time.Time
}

// once goes on over one stream; nil where all is answered or the caller has had enough.
func (m *many) once(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := m.client.Promises.PromiseStream(ctx)
	if err != nil {
		return err
	}
	for _, request := range m.waiting {
		if err := stream.Send(request); err != nil && !errors.Is(err, io.EOF) {
			return err
		}
	}
	for {
		for len(m.waiting) < m.window {
			request, more := m.next()
			if !more {
				break
			}
			identify(request)
			m.waiting = append(m.waiting, request)
			if err := stream.Send(request); err != nil && !errors.Is(err, io.EOF) {
				return err
			}
		}
		if len(m.waiting) == 0 {
			return nil
		}
		answer, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return &Error{Code: codes.Unavailable, Message: "the stream ended before all requests were answered"}
		}
		if err != nil {
			return err
		}
		request := m.waiting[0]
		m.waiting, m.last = m.waiting[1:], time.Now()
		if !m.answer(ctx, request, answer) {
			return nil
		}
	}
}

func (m *many) answer(ctx context.Context, request *pb.PromiseRequest, answer *pb.PromiseStreamResponse) bool {
	err := OfStream(answer.GetError())
	if err == nil {
		return m.yield(answer.GetPromised(), nil)
	}
	if err.Passing() {
		return m.yield(m.client.Promises.Promise(ctx, request))
	}
	return m.yield(nil, err)
}
