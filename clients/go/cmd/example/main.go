// Asks when 2 pumps can be there: go run ./cmd/example [ADDRESS]
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	promised "promised.local/clients/go"
	pb "promised.local/clients/go/promisedv1"
)

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
	line := &pb.OrderLine{Order: "EX-1", Item: "PUMP", Quantity: 2, RequestedDate: "2026-11-26", Customer: "NORDWIND"}
	answer, err := client.Promises.CheckAvailability(context.Background(), &pb.CheckAvailabilityRequest{Lines: []*pb.OrderLine{line}})
	if err != nil {
		log.Fatal(err)
	}
	option := answer.Results[0].DefaultOption
	for _, leg := range option.GetLegs() {
		fmt.Printf("%s from %s ship on %s, cost %s\n", promised.Amount(leg.Quantity), leg.Location, leg.ShipDate, promised.Amount(option.Economics.Cost))
	}
}
