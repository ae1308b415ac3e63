// Package promised is a client of Promised, an order promising engine over gRPC.
//
// Dial gives a Client with one generated stub a service. Commands get a request id where they have none, and what an
// unavailable or busy server did not answer is sent again under the same id until the context's deadline.
package promised

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"iter"
	"os"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/proto"

	pb "promised.local/clients/go/promisedv1"
)

// LargestAnswer is how many bytes an answer may have: a page of 10,000 promises does not fit into gRPC's 4 MB.
const LargestAnswer = 256 << 20

// Timeout is how long a call whose context has no deadline may take, its repetitions included.
const Timeout = 30 * time.Second

// Config says how a server is reached; the zero value is plain text without a token.
type Config struct {
	// Token goes with each call, where it is not empty.
	Token string
	// TokenSource is asked for the token of each call in place of Token, for tokens that expire.
	TokenSource func() (string, error)
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
	Catalog      pb.CatalogServiceClient
	Exceptions   pb.ExceptionServiceClient
	Events       pb.EventServiceClient
	Analytics    pb.AnalyticsServiceClient
	Admin        pb.AdminServiceClient
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
	calls := &caller{config: config}
	trust := insecure.NewCredentials()
	if secure || config.TLS != nil {
		trust = credentials.NewTLS(config.TLS)
	}
	soon := backoff.Config{BaseDelay: 50 * time.Millisecond, Multiplier: 1.6, Jitter: 0.2, MaxDelay: time.Second}
	options := append([]grpc.DialOption{
		grpc.WithTransportCredentials(trust),
		grpc.WithConnectParams(grpc.ConnectParams{Backoff: soon, MinConnectTimeout: 5 * time.Second}),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(LargestAnswer)),
		grpc.WithUnaryInterceptor(calls.unary),
		grpc.WithStreamInterceptor(calls.stream),
	}, config.Options...)
	conn, err := grpc.NewClient(host, options...)
	if err != nil {
		return nil, err
	}
	return &Client{
		pb.NewPromiseServiceClient(conn), pb.NewAvailabilityServiceClient(conn), pb.NewAllocationServiceClient(conn),
		pb.NewSnapshotServiceClient(conn), pb.NewScenarioServiceClient(conn), pb.NewBacklogServiceClient(conn),
		pb.NewCatalogServiceClient(conn), pb.NewExceptionServiceClient(conn), pb.NewEventServiceClient(conn),
		pb.NewAnalyticsServiceClient(conn), pb.NewAdminServiceClient(conn), conn,
	}, nil
}

// TLSFiles is a Config.TLS of PEM files: ca is trusted in place of the system's roots, certificate and key are our own.
// Each may be empty.
func TLSFiles(ca, certificate, key string) (*tls.Config, error) {
	config := &tls.Config{}
	if ca != "" {
		text, err := os.ReadFile(ca)
		if err != nil {
			return nil, err
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(text) {
			return nil, fmt.Errorf("%s: no certificate in it", ca)
		}
	}
	if certificate != "" || key != "" {
		identity, err := tls.LoadX509KeyPair(certificate, key)
		if err != nil {
			return nil, err
		}
		config.Certificates = []tls.Certificate{identity}
	}
	return config, nil
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
