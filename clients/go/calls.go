package promised

import (
	"context"
	"crypto/rand"
	mathrand "math/rand/v2"
	"regexp"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// Calls that begin so are questions: asked twice they do nothing more. All else is a command.
var questions = regexp.MustCompile(`/(Check|Compare|Explain|Find|Get|List|Preview|Query|Quick|SelfCheck|WhoAmI|ClusterStatus)[^/]*$`)

// AtLeast asks for an answer that has seen the position, as DataVersion.token of a cluster's answers tells it. A client
// sends the last one that it has seen by itself.
func AtLeast(ctx context.Context, token string) context.Context {
	return metadata.AppendToOutgoingContext(ctx, "promised-at-least", token)
}

// Fresh asks for an answer that has seen all that was answered before, by whichever node.
func Fresh(ctx context.Context) context.Context {
	return metadata.AppendToOutgoingContext(ctx, "promised-fresh", "true")
}

// caller is what stands between the stubs and the connection.
type caller struct {
	config Config
	// The last position of a cluster that an answer told.
	seen atomic.Pointer[string]
}

func (c *caller) unary(ctx context.Context, method string, request, reply any, conn *grpc.ClientConn, invoke grpc.UnaryInvoker, options ...grpc.CallOption) error {
	if _, limited := ctx.Deadline(); !limited {
		limitedCtx, cancel := context.WithTimeout(ctx, c.config.Timeout)
		defer cancel()
		ctx = limitedCtx
	}
	identify(request)
	repeatable := repeatable(method, request)
	for attempt := 0; ; attempt++ {
		called, err := c.header(ctx)
		if err != nil {
			return err
		}
		if err = From(invoke(called, method, request, reply, conn, options...)); err == nil {
			c.saw(reply)
			return nil
		}
		refused := err.(*Error)
		if !refused.Passing() || (!repeatable && !refused.NothingDone()) || !pause(ctx, refused, attempt) {
			return err
		}
	}
}

// pause waits before a repetition; false where the time is too short for it.
func pause(ctx context.Context, refused *Error, attempt int) bool {
	wait := refused.RetryAfter
	if wait == 0 {
		wait = min(2*time.Second, 50*time.Millisecond<<min(attempt, 6))
	}
	wait += time.Duration(mathrand.Int64N(int64(wait)/4 + 1))
	if end, limited := ctx.Deadline(); limited && time.Until(end) < wait {
		return false
	}
	select {
	case <-time.After(wait):
		return true
	case <-ctx.Done():
		return false
	}
}

func (c *caller) stream(ctx context.Context, desc *grpc.StreamDesc, conn *grpc.ClientConn, method string, open grpc.Streamer, options ...grpc.CallOption) (grpc.ClientStream, error) {
	ctx, err := c.header(ctx)
	if err != nil {
		return nil, err
	}
	stream, err := open(ctx, desc, conn, method, options...)
	if err != nil {
		return nil, From(err)
	}
	return ours{stream}, nil
}

// ours is a stream whose errors are *Error.
type ours struct{ grpc.ClientStream }

func (o ours) RecvMsg(message any) error { return fromStream(o.ClientStream.RecvMsg(message)) }

func (c *caller) header(ctx context.Context) (context.Context, error) {
	token := c.config.Token
	if c.config.TokenSource != nil {
		var err error
		if token, err = c.config.TokenSource(); err != nil {
			return nil, &Error{Code: codes.Unauthenticated, Message: err.Error(), cause: err}
		}
	}
	if token != "" {
		ctx = metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+token)
	}
	sent, _ := metadata.FromOutgoingContext(ctx)
	if seen := c.seen.Load(); seen != nil && len(sent.Get("promised-at-least")) == 0 {
		ctx = AtLeast(ctx, *seen)
	}
	return ctx, nil
}

// saw notes the position of an answer of a cluster, so that later questions see no older one at another node.
func (c *caller) saw(reply any) {
	message, is := reply.(proto.Message)
	if !is {
		return
	}
	reflected := message.ProtoReflect()
	version := reflected.Descriptor().Fields().ByName("version")
	if version == nil || version.Message() == nil || !reflected.Has(version) {
		return
	}
	if field := version.Message().Fields().ByName("token"); field != nil {
		if token := reflected.Get(version).Message().Get(field).String(); token != "" {
			c.seen.Store(&token)
		}
	}
}

// identify gives a request an id, where it takes one and has none: what is repeated must be known again.
func identify(request any) {
	message, is := request.(proto.Message)
	if !is {
		return
	}
	reflected := message.ProtoReflect()
	field := reflected.Descriptor().Fields().ByName("request_id")
	if field != nil && reflected.Get(field).String() == "" {
		reflected.Set(field, protoreflect.ValueOfString(rand.Text()))
	}
}

// repeatable tells whether a request does the same, sent once or twice, when nobody knows whether it arrived. A backlog
// run makes a scenario of its own each time; its id is that of the application.
func repeatable(method string, request any) bool {
	message, is := request.(proto.Message)
	if !is {
		return false
	}
	fields := message.ProtoReflect().Descriptor().Fields()
	if fields.ByName("request_id") == nil {
		return questions.MatchString(method)
	}
	apply := fields.ByName("apply")
	return apply == nil || message.ProtoReflect().Get(apply).Bool()
}
