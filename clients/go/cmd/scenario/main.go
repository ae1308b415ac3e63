// The scenario that all clients run; clients/README.md tells what it prints.
package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"os"
	"strings"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"

	promised "promised.local/clients/go"
	pb "promised.local/clients/go/promisedv1"
)

var ctx = context.Background()

func tell(step string, more map[string]any) {
	told := map[string]any{"step": step}
	for key, value := range more {
		told[key] = value
	}
	text, _ := json.Marshal(told)
	fmt.Println(string(text))
}

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatalf("%#v", err)
	}
	return value
}

func line(order string, quantity float64) *pb.OrderLine {
	return &pb.OrderLine{Order: order, Item: "PUMP", Quantity: quantity, RequestedDate: "2026-11-26", Customer: "NORDWIND"}
}

func hold(client *promised.Client, order, requestID string) map[string]any {
	request := &pb.PromiseRequest{RequestId: requestID, Lines: []*pb.OrderLine{line(order, 1)}, HoldFor: durationpb.New(10 * time.Minute)}
	return map[string]any{"promise_id": must(client.Promises.Promise(ctx, request)).Promises[0].PromiseId}
}

// watch waits for the event that a promise of ours brings; a server without the service says so.
func watch(client *promised.Client, name string) {
	limited, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	// From the position before it, so that it does not matter which is first, the watch or the promise.
	before := must(client.Snapshots.GetStatus(ctx, &pb.GetStatusRequest{})).Version.Sequence
	hold(client, name+"-W", name+"-watch")
	for event, err := range client.Watch(limited, &pb.WatchEventsRequest{FromSequence: proto.Uint64(before + 1), Types: []string{"promise.*"}}) {
		var refused *promised.Error
		if errors.As(err, &refused) && refused.Code == codes.Unimplemented {
			tell("watch", map[string]any{"skipped": "the server answers UNIMPLEMENTED: it has no EventService"})
			return
		}
		if must(event, err).GetPromise().GetOrder() == name+"-W" {
			tell("watch", map[string]any{"type": event.Type})
			return
		}
	}
	log.Fatal("the feed ended")
}

func main() {
	config := promised.Config{Token: os.Getenv("PROMISED_TOKEN")}
	if file := os.Getenv("PROMISED_CA"); file != "" {
		roots := x509.NewCertPool()
		roots.AppendCertsFromPEM(must(os.ReadFile(file)))
		config.TLS = &tls.Config{RootCAs: roots}
	}
	client := must(promised.Dial(os.Getenv("PROMISED_SERVER"), config))
	defer client.Close()
	name := fmt.Sprintf("GO-%d", os.Getpid())
	must(client.Promises.CheckAvailability(ctx, &pb.CheckAvailabilityRequest{Lines: []*pb.OrderLine{line(name, 1)}}))
	tell("check", nil)
	held := hold(client, name, name+"-hold")
	tell("hold", held)
	id := held["promise_id"].(string)
	tell("confirm", map[string]any{"promise_id": must(client.Promises.Confirm(ctx, &pb.ConfirmRequest{PromiseId: id})).Promise.PromiseId})
	amended := must(client.Promises.Amend(ctx, &pb.AmendRequest{PromiseId: id, Line: line(name, 2)}))
	if !amended.Changed {
		log.Fatal("not amended: ", amended)
	}
	tell("amend", map[string]any{"promise_id": amended.Promise.PromiseId})
	tell("repeat", hold(client, name, name+"-hold"))
	tell("kill", nil)
	bufio.NewReader(os.Stdin).ReadString('\n')
	tell("again", hold(client, name, name+"-hold"))
	n := 0
	for promise, err := range client.Pages(ctx, &pb.ListPromisesRequest{Customer: "NORDWIND", PageSize: 1}) {
		if strings.HasPrefix(must(promise, err).Order, name) {
			n++
		}
	}
	tell("list", map[string]any{"n": n})
	many(client, name)
	watch(client, name)
	tell("done", nil)
}

func many(client *promised.Client, name string) {
	requests := func(yield func(*pb.PromiseRequest) bool) {
		for n := range 3 {
			order := fmt.Sprintf("%s-%d", name, n)
			if !yield(&pb.PromiseRequest{RequestId: order, Lines: []*pb.OrderLine{line(order, 1)}}) {
				return
			}
		}
	}
	n := 0
	for answer, err := range client.PromiseMany(ctx, requests, 2) {
		if want := fmt.Sprintf("%s-%d", name, n); must(answer, err).RequestId != want {
			log.Fatal("out of order: ", answer)
		}
		n++
	}
	if n != 3 {
		log.Fatal("answers: ", n)
	}
}
