// Package promised is a client of Promised, an order promising engine over gRPC.
//
// Dial gives a Client with one generated stub a service. Commands get a request id where they have none, and what an
// unavailable or busy server did not answer is sent again under the same id until the context's deadline.
package promised

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"iter"
	mathrand "math/rand/v2"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	pb "promised.local/clients/go/promisedv1"
)

// LargestAnswer is how many bytes an answer may have: a page of 10,000 promises does not fit into gRPC's 4 MB.
const LargestAnswer = 256 << 20

// Timeout is how long a call whose context has no deadline may take, its repetitions included.
const Timeout = 30 * time.Second

// Done twice these do more than done once, and they take no request id.
var once = map[string]bool{
	"/promised.v1.ScenarioService/Create":   true,
	"/promised.v1.ScenarioService/Change":   true,
	"/promised.v1.SnapshotService/Activate": true,
}

// Config says how a server is reached; the zero value is plain text without a token.
type Config struct {
	// Token goes with each call, where it is not empty.
	Token string
	// TLS is how the connection is secured; an address that begins with https:// has the system's roots without it.
	TLS *tls.Config
	// Timeout holds for calls whose context has no deadline; Timeout of this package where it is 0.
	Timeout time.Duration
	// Options go to gRPC as they are.
	Options []grpc.DialOption
}

// Client has a stub of each service, and its connection.
type Client struct {
	Promises     pb.PromiseServiceClient
	Availability pb.AvailabilityServiceClient
	Allocation   pb.AllocationServiceClient
	Snapshots    pb.SnapshotServiceClient
	Scenarios    pb.ScenarioServiceClient
	Backlog      pb.BacklogServiceClient
	Conn         *grpc.ClientConn
}

// Dial makes a client of the server at "host:port", or "http://host:port" or "https://host:port". It connects at
// the first call.
func Dial(address string, config Config) (*Client, error) {
	host, secure := strings.CutPrefix(address, "https://")
	host = strings.TrimSuffix(strings.TrimPrefix(host, "http://"), "/")
	if config.Timeout == 0 {
		config.Timeout = Timeout
	}
	trust := insecure.NewCredentials()
	if secure || config.TLS != nil {
		trust = credentials.NewTLS(config.TLS)
	}
	soon := backoff.Config{BaseDelay: 50 * time.Millisecond, Multiplier: 1.6, Jitter: 0.2, MaxDelay: time.Second}
	options := append([]grpc.DialOption{
		grpc.WithTransportCredentials(trust),
		grpc.WithConnectParams(grpc.ConnectParams{Backoff: soon, MinConnectTimeout: 5 * time.Second}),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(LargestAnswer)),
		grpc.WithUnaryInterceptor(config.unary),
		grpc.WithStreamInterceptor(config.stream),
	}, config.Options...)
	conn, err := grpc.NewClient(host, options...)
	if err != nil {
		return nil, err
	}
	return &Client{
		pb.NewPromiseServiceClient(conn), pb.NewAvailabilityServiceClient(conn), pb.NewAllocationServiceClient(conn),
		pb.NewSnapshotServiceClient(conn), pb.NewScenarioServiceClient(conn), pb.NewBacklogServiceClient(conn), conn,
	}, nil
}

// Close ends the connection.
func (c *Client) Close() error { return c.Conn.Close() }

// Pages are all promises that the filters of a list leave, page after page. It ends after an error.
func (c *Client) Pages(ctx context.Context, filters *pb.ListPromisesRequest) iter.Seq2[*pb.Reservation, error] {
	return func(yield func(*pb.Reservation, error) bool) {
		request := proto.Clone(filters).(*pb.ListPromisesRequest)
		for {
			page, err := c.Promises.List(ctx, request)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, promise := range page.Promises {
				if !yield(promise, nil) {
					return
				}
			}
			if request.PageToken = page.NextPageToken; request.PageToken == "" {
				return
			}
		}
	}
}

func (config Config) unary(ctx context.Context, method string, request, reply any, conn *grpc.ClientConn, invoke grpc.UnaryInvoker, options ...grpc.CallOption) error {
	ctx = config.header(ctx)
	if _, limited := ctx.Deadline(); !limited {
		limitedCtx, cancel := context.WithTimeout(ctx, config.Timeout)
		defer cancel()
		ctx = limitedCtx
	}
	identify(request)
	for attempt := 0; ; attempt++ {
		err := From(invoke(ctx, method, request, reply, conn, options...))
		if err == nil {
			return nil
		}
		refused := err.(*Error)
		if !refused.Passing() || (refused.Code == codes.Unavailable && once[method]) {
			return err
		}
		wait := refused.RetryAfter
		if wait == 0 {
			wait = min(2*time.Second, 50*time.Millisecond<<min(attempt, 6))
		}
		wait += time.Duration(mathrand.Int64N(int64(wait)/4 + 1))
		if end, _ := ctx.Deadline(); time.Until(end) < wait {
			return err
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return err
		}
	}
}

func (config Config) stream(ctx context.Context, desc *grpc.StreamDesc, conn *grpc.ClientConn, method string, open grpc.Streamer, options ...grpc.CallOption) (grpc.ClientStream, error) {
	return open(config.header(ctx), desc, conn, method, options...)
}

func (config Config) header(ctx context.Context) context.Context {
	if config.Token == "" {
		return ctx
	}
	return metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+config.Token)
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
