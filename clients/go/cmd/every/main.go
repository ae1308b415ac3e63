// An example of every RPC, against a server that serves snapshots/tiny: go run ./cmd/every [ADDRESS]
//
// Run it on a server of its own: it holds, ships and pushes. Each answer is printed in a line.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"log"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	promised "promised.local/clients/go"
	pb "promised.local/clients/go/promisedv1"
)

var (
	ctx    = context.Background()
	called = map[string]bool{}
)

// show prints an answer, and ends the program where there is none.
func show[T proto.Message](rpc string, answer T, err error) T {
	if err != nil {
		log.Fatalf("%s: %v", rpc, err)
	}
	called[rpc] = true
	text, _ := protojson.Marshal(answer)
	fmt.Printf("%s: %.160s\n", rpc, text)
	return answer
}

func line(order string, quantity float64) *pb.OrderLine {
	return &pb.OrderLine{Order: order, Item: "PUMP", Quantity: quantity, RequestedDate: "2026-11-26", Customer: "NORDWIND"}
}

func main() {
	address := "127.0.0.1:50051"
	if len(os.Args) > 1 {
		address = os.Args[1]
	}
	client, err := promised.Dial(address, promised.Config{})
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	data(client)
	questions(client)
	desk(client)
	look(client)
	admin(client)
	whatIf(client)
	// Back to the snapshot before: that it has no shares looks like broken data, so somebody has to answer for it.
	force := &pb.Force{By: "an example", Why: "the shares were an example"}
	activated, err := client.Snapshots.Activate(ctx, &pb.ActivateRequest{SnapshotId: "tiny", Force: force})
	show("SnapshotService.Activate", activated, err)
	tellMissing()
}

// data brings tiny in again, with two demand classes that share the bodies.
func data(client *promised.Client) {
	answer, err := push(client, "../../snapshots/tiny", "tiny-shared", map[string]string{
		"demand_classes.csv":         "demand_class,parent,rank\nALL,,1\nKEY,ALL,1\nWEB,ALL,2\n",
		"allocation_rules.csv":       "rule,demand_class,kind,method,value\nHALVES,KEY,share,percent,50\nHALVES,WEB,share,percent,50\n",
		"allocation_assignments.csv": "rule,item,location\nHALVES,BODY,BER\n",
	})
	show("SnapshotService.Push", answer, err)
	upload, err := client.Snapshots.GetUpload(ctx, &pb.GetUploadRequest{SnapshotId: "tiny-shared"})
	show("SnapshotService.GetUpload", upload, err)
	kept, err := client.Snapshots.List(ctx, &pb.ListSnapshotsRequest{})
	show("SnapshotService.List", kept, err)
	record, err := client.Snapshots.GetReconciliation(ctx, &pb.GetReconciliationRequest{})
	show("SnapshotService.GetReconciliation", record, err)
	status, err := client.Snapshots.GetStatus(ctx, &pb.GetStatusRequest{})
	show("SnapshotService.GetStatus", status, err)
	later := &pb.Change{Change: "supply_moved", Cells: map[string]string{"supply": "PO-1", "date": "2026-12-02"}}
	changed, err := client.Snapshots.ApplyChanges(ctx, &pb.ApplyChangesRequest{Source: "erp", Changes: []*pb.Change{later}})
	show("SnapshotService.ApplyChanges", changed, err)
}

// push sends the files of a directory under another id: begin, each file, finish.
func push(client *promised.Client, directory, id string, more map[string]string) (*pb.PushResponse, error) {
	files, err := filepath.Glob(filepath.Join(directory, "*.csv"))
	if err != nil {
		return nil, err
	}
	for _, file := range append(files, filepath.Join(directory, "manifest.json")) {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		more[filepath.Base(file)] = string(text)
	}
	delete(more, "orders.csv")
	var manifest map[string]any
	if err := json.Unmarshal([]byte(more["manifest.json"]), &manifest); err != nil {
		return nil, err
	}
	manifest["snapshot_id"] = id
	text, _ := json.Marshal(manifest)
	more["manifest.json"] = string(text)
	stream, err := client.Snapshots.Push(ctx)
	if err != nil {
		return nil, err
	}
	// An error of Send is only that the stream has ended; CloseAndRecv tells why.
	_ = stream.Send(&pb.PushRequest{Part: &pb.PushRequest_Begin_{Begin: &pb.PushRequest_Begin{SnapshotId: id}}})
	for _, name := range slices.Sorted(maps.Keys(more)) {
		bytes := []byte(more[name])
		sum := crc32.Checksum(bytes, crc32.MakeTable(crc32.Castagnoli))
		chunk := &pb.PushRequest_Chunk{File: name, Data: bytes, Crc32C: sum, Last: true}
		_ = stream.Send(&pb.PushRequest{Part: &pb.PushRequest_Chunk_{Chunk: chunk}})
	}
	_ = stream.Send(&pb.PushRequest{Part: &pb.PushRequest_Finish_{Finish: &pb.PushRequest_Finish{Aim: pb.Aim_ACTIVATE}}})
	return stream.CloseAndRecv()
}

// questions are about what is there, when, for whom.
func questions(client *promised.Client) {
	table, err := client.Availability.GetAvailability(ctx, &pb.GetAvailabilityRequest{Item: "VALVE", Days: 10})
	show("AvailabilityService.GetAvailability", table, err)
	query := &pb.Query{Item: "VALVE", Location: "HAM", Quantity: 3}
	quick, err := client.Availability.QuickCheck(ctx, &pb.QuickCheckRequest{Queries: []*pb.Query{query}})
	show("AvailabilityService.QuickCheck", quick, err)
	shares, err := client.Allocation.GetAllocation(ctx, &pb.GetAllocationRequest{Item: "BODY", Location: "BER"})
	show("AllocationService.GetAllocation", shares, err)
	shift := &pb.ShareChange{Change: &pb.ShareChange_Shift_{Shift: &pb.ShareChange_Shift{FromClass: "WEB", ToClass: "KEY", Quantity: 1}}}
	preview, err := client.Allocation.Preview(ctx, &pb.PreviewAllocationRequest{Item: "BODY", Location: "BER", Changes: []*pb.ShareChange{shift}})
	show("AllocationService.Preview", preview, err)
	changed, err := client.Allocation.Change(ctx, &pb.ChangeAllocationRequest{Item: "BODY", Location: "BER", Changes: []*pb.ShareChange{shift}})
	show("AllocationService.Change", changed, err)
}

// desk is an order desk's day: ask, hold, confirm, change, ship.
func desk(client *promised.Client) {
	promises := client.Promises
	lines := []*pb.OrderLine{line("E-1", 1)}
	checked, err := promises.CheckAvailability(ctx, &pb.CheckAvailabilityRequest{Lines: lines, Alternatives: 2, Pegging: true})
	show("PromiseService.CheckAvailability", checked, err)
	held, err := promises.Promise(ctx, &pb.PromiseRequest{Lines: lines, HoldFor: durationpb.New(10 * time.Minute)})
	id := show("PromiseService.Promise", held, err).Promises[0].PromiseId
	extended, err := promises.ExtendHold(ctx, &pb.ExtendHoldRequest{PromiseIds: []string{id}, HoldFor: durationpb.New(20 * time.Minute)})
	show("PromiseService.ExtendHold", extended, err)
	confirmed, err := promises.Confirm(ctx, &pb.ConfirmRequest{PromiseId: id})
	show("PromiseService.Confirm", confirmed, err)
	amended, err := promises.Amend(ctx, &pb.AmendRequest{PromiseId: id, Line: line("E-1", 2)})
	show("PromiseService.Amend", amended, err)
	shipped, err := promises.Fulfil(ctx, &pb.FulfilRequest{PromiseId: id})
	show("PromiseService.Fulfil", shipped, err)
	reopened, err := promises.Reopen(ctx, &pb.ReopenRequest{PromiseId: id})
	show("PromiseService.Reopen", reopened, err)
	found, err := promises.Get(ctx, &pb.GetPromiseRequest{Order: "E-1", History: true})
	show("PromiseService.Get", found, err)
	listed, err := promises.List(ctx, &pb.ListPromisesRequest{Customer: "NORDWIND", PageSize: 10})
	show("PromiseService.List", listed, err)
	cancelled, err := promises.Cancel(ctx, &pb.CancelRequest{PromiseId: id})
	show("PromiseService.Cancel", cancelled, err)
	requests := slices.Values([]*pb.PromiseRequest{{Lines: []*pb.OrderLine{line("E-2", 1)}}})
	for answer, err := range client.PromiseMany(ctx, requests, 8) {
		show("PromiseService.PromiseStream", answer, err)
	}
	checkedAll, err := promises.SelfCheck(ctx, &pb.SelfCheckRequest{})
	show("PromiseService.SelfCheck", checkedAll, err)
}

// first prints the first answer of a stream that would go on.
func first[T proto.Message](rpc string, open func(context.Context) (interface{ Recv() (T, error) }, error)) {
	limited, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := open(limited)
	if err != nil {
		log.Fatalf("%s: %v", rpc, err)
	}
	answer, err := stream.Recv()
	show(rpc, answer, err)
}

// look looks things up, and sees what is going on.
func look(client *promised.Client) {
	hits, err := client.Catalog.Find(ctx, &pb.FindRequest{Text: "pu"})
	show("CatalogService.Find", hits, err)
	item, err := client.Catalog.GetItem(ctx, &pb.GetItemRequest{Item: "PUMP"})
	show("CatalogService.GetItem", item, err)
	location, err := client.Catalog.GetLocation(ctx, &pb.GetLocationRequest{Location: "HAM"})
	show("CatalogService.GetLocation", location, err)
	customer, err := client.Catalog.GetCustomer(ctx, &pb.GetCustomerRequest{Customer: "NORDWIND"})
	show("CatalogService.GetCustomer", customer, err)
	rules, err := client.Catalog.GetRules(ctx, &pb.GetRulesRequest{Item: "PUMP", Location: "HAM", Customer: "NORDWIND"})
	show("CatalogService.GetRules", rules, err)
	account, err := client.Availability.GetAccount(ctx, &pb.GetAccountRequest{Item: "VALVE", Location: "HAM"})
	show("AvailabilityService.GetAccount", account, err)
	capacity, err := client.Availability.GetCapacity(ctx, &pb.GetCapacityRequest{Owner: &pb.GetCapacityRequest_Resource{Resource: "BENCH"}, Days: 10})
	show("AvailabilityService.GetCapacity", capacity, err)
	first("AvailabilityService.WatchAvailability", func(ctx context.Context) (interface {
		Recv() (*pb.AvailabilityCrossed, error)
	}, error) {
		enough := &pb.Threshold{Item: "VALVE", Location: "HAM", AtLeast: 1}
		return client.Availability.WatchAvailability(ctx, &pb.WatchAvailabilityRequest{Thresholds: []*pb.Threshold{enough}})
	})
	valves := line("E-3", 4)
	valves.Item = "VALVE"
	made, err := client.Promises.Promise(ctx, &pb.PromiseRequest{Lines: []*pb.OrderLine{valves}})
	id := show("PromiseService.Promise", made, err).Promises[0].PromiseId
	pegging, err := client.Promises.GetPegging(ctx, &pb.GetPeggingRequest{Of: &pb.GetPeggingRequest_PromiseId{PromiseId: id}})
	show("PromiseService.GetPegging", pegging, err)
	explained, err := client.Promises.Explain(ctx, &pb.ExplainRequest{PromiseId: id})
	show("PromiseService.Explain", explained, err)
	exceptions, err := client.Exceptions.List(ctx, &pb.ListExceptionsRequest{})
	id = show("ExceptionService.List", exceptions, err).Exceptions[0].ExceptionId
	first("ExceptionService.Watch", func(ctx context.Context) (interface {
		Recv() (*pb.WatchExceptionsResponse, error)
	}, error) {
		return client.Exceptions.Watch(ctx, &pb.WatchExceptionsRequest{})
	})
	seen, err := client.Exceptions.Acknowledge(ctx, &pb.AcknowledgeRequest{ExceptionId: id, By: "me", Note: "the customer knows"})
	show("ExceptionService.Acknowledge", seen, err)
	tomorrow := timestamppb.New(time.Now().Add(24 * time.Hour))
	later, err := client.Exceptions.Snooze(ctx, &pb.SnoozeRequest{ExceptionId: id, By: "me", Until: tomorrow})
	show("ExceptionService.Snooze", later, err)
	for event, err := range client.Watch(ctx, &pb.WatchEventsRequest{FromSequence: proto.Uint64(0)}) {
		show("EventService.Watch", event, err)
		break
	}
	figures, err := client.Analytics.Query(ctx, &pb.QueryRequest{Measures: []string{"lines", "on_time_lines"}, GroupBy: []string{"item"}})
	show("AnalyticsService.Query", figures, err)
	first("AnalyticsService.Export", func(ctx context.Context) (interface {
		Recv() (*pb.ExportResponse, error)
	}, error) {
		return client.Analytics.Export(ctx, &pb.ExportRequest{Format: pb.ExportRequest_CSV})
	})
}

// may prints an answer, or why there is none: a server without a token file has no tokens.
func may[T proto.Message](rpc string, answer T, err error) {
	if err == nil {
		show(rpc, answer, err)
		return
	}
	called[rpc] = true
	fmt.Printf("%s: %v\n", rpc, err)
}

// admin asks who may what.
func admin(client *promised.Client) {
	me, err := client.Admin.WhoAmI(ctx, &pb.WhoAmIRequest{})
	show("AdminService.WhoAmI", me, err)
	settings, err := client.Admin.GetConfig(ctx, &pb.GetConfigRequest{})
	show("AdminService.GetConfig", settings, err)
	created, err := client.Admin.CreateToken(ctx, &pb.CreateTokenRequest{Name: "shop", Roles: []string{"promise"}})
	may("AdminService.CreateToken", created, err)
	tokens, err := client.Admin.ListTokens(ctx, &pb.ListTokensRequest{})
	may("AdminService.ListTokens", tokens, err)
	revoked, err := client.Admin.RevokeToken(ctx, &pb.RevokeTokenRequest{Name: "shop"})
	may("AdminService.RevokeToken", revoked, err)
	audit, err := client.Admin.ListAudit(ctx, &pb.ListAuditRequest{})
	may("AdminService.ListAudit", audit, err)
	cluster, err := client.Admin.ClusterStatus(ctx, &pb.ClusterStatusRequest{})
	show("AdminService.ClusterStatus", cluster, err)
	backup, err := client.Admin.Backup(ctx, &pb.BackupRequest{})
	if err != nil {
		log.Fatal(err)
	}
	part, err := backup.Recv()
	may("AdminService.Backup", part, err)
}

// whatIf tries a late purchase order and a backlog run, applies both and takes the first back.
func whatIf(client *promised.Client) {
	scenarios := client.Scenarios
	made, err := scenarios.Create(ctx, &pb.CreateScenarioRequest{Name: "PO-1 a week later"})
	id := show("ScenarioService.Create", made, err).ScenarioId
	late := &pb.Change{Change: "supply_moved", Cells: map[string]string{"supply": "PO-1", "days": "7"}}
	changed, err := scenarios.Change(ctx, &pb.ChangeScenarioRequest{ScenarioId: id, Changes: []*pb.Change{late}})
	show("ScenarioService.Change", changed, err)
	listed, err := scenarios.List(ctx, &pb.ListScenariosRequest{})
	show("ScenarioService.List", listed, err)
	got, err := scenarios.Get(ctx, &pb.GetScenarioRequest{ScenarioId: id})
	show("ScenarioService.Get", got, err)
	compared, err := scenarios.Compare(ctx, &pb.CompareRequest{ScenarioId: id})
	show("ScenarioService.Compare", compared, err)
	comparing, err := scenarios.CompareStream(ctx, &pb.CompareRequest{ScenarioId: id})
	showAll("ScenarioService.CompareStream", comparing, err)
	varied := &pb.VaryRequest{Parameter: "supply:PO-1:-2d..+2d", Lines: []*pb.OrderLine{line("V-1", 1)}}
	varying, err := scenarios.Vary(ctx, varied)
	showAll("ScenarioService.Vary", varying, err)
	applied, err := scenarios.Apply(ctx, &pb.ApplyScenarioRequest{ScenarioId: id})
	position := show("ScenarioService.Apply", applied, err).Sequence
	reverted, err := scenarios.Revert(ctx, &pb.RevertRequest{Position: position})
	show("ScenarioService.Revert", reverted, err)
	other, err := scenarios.Create(ctx, &pb.CreateScenarioRequest{Name: "not wanted"})
	show("ScenarioService.Create", other, err)
	gone, err := scenarios.Discard(ctx, &pb.DiscardScenarioRequest{ScenarioId: other.ScenarioId})
	show("ScenarioService.Discard", gone, err)
	run, err := client.Backlog.Run(ctx, &pb.RunBacklogRequest{Sequence: "priority,requested_date"})
	id = show("BacklogService.Run", run, err).RunId
	told, err := client.Backlog.GetRun(ctx, &pb.GetRunRequest{RunId: id})
	show("BacklogService.GetRun", told, err)
	running, err := client.Backlog.RunStream(ctx, &pb.RunBacklogRequest{Sequence: "priority"})
	showAll("BacklogService.RunStream", running, err)
	runs, err := client.Backlog.ListRuns(ctx, &pb.ListRunsRequest{})
	show("BacklogService.ListRuns", runs, err)
	// It was done already.
	stopped, err := client.Backlog.CancelRun(ctx, &pb.CancelRunRequest{RunId: id})
	show("BacklogService.CancelRun", stopped, err)
	done, err := client.Backlog.Apply(ctx, &pb.ApplyScenarioRequest{ScenarioId: id})
	show("BacklogService.Apply", done, err)
}

// showAll prints what a stream tells, up to its end.
func showAll[T any, P interface {
	*T
	proto.Message
}](rpc string, stream grpc.ServerStreamingClient[T], err error) {
	for err == nil {
		var answer *T
		if answer, err = stream.Recv(); err == nil {
			show(rpc, P(answer), nil)
		}
	}
	if err != io.EOF {
		log.Fatal(rpc, ": ", err)
	}
}

func tellMissing() {
	n := 0
	protoregistry.GlobalFiles.RangeFilesByPackage("promised.v1", func(file protoreflect.FileDescriptor) bool {
		for s := range file.Services().Len() {
			service := file.Services().Get(s)
			for m := range service.Methods().Len() {
				n++
				rpc := fmt.Sprintf("%s.%s", service.Name(), service.Methods().Get(m).Name())
				if !called[rpc] {
					fmt.Println("without an example:", strings.TrimSpace(rpc))
				}
			}
		}
		return true
	})
	fmt.Printf("%d of %d RPCs\n", len(called), n)
}
