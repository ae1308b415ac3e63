package promised.examples;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;
import promised.client.PromisedClient;
import promised.client.Values;
import promised.v1.CancelRequest;
import promised.v1.CheckAvailabilityRequest;
import promised.v1.Leg;
import promised.v1.Option;
import promised.v1.OrderLine;
import promised.v1.PromiseRequest;
import promised.v1.PromiseServiceGrpc.PromiseServiceBlockingStub;
import promised.v1.PromisedLine;

/** Asks when 2 pumps can be there, and holds them for ten minutes. */
public final class Example {
  /** @param arguments the address; 127.0.0.1:50051 if not given */
  public static void main(String[] arguments) {
    try (PromisedClient client = new PromisedClient(arguments.length > 0 ? arguments[0] : "127.0.0.1:50051")) {
      OrderLine line = OrderLine.newBuilder().setOrder("EX-1").setItem("PUMP").setQuantity(Values.quantity(new BigDecimal("2")))
          .setRequestedDate(Values.date(LocalDate.of(2026, 11, 26))).setCustomer("NORDWIND").build();
      CheckAvailabilityRequest check = CheckAvailabilityRequest.newBuilder().addLines(line).build();
      Option option = client.call(client.promises(), PromiseServiceBlockingStub::checkAvailability, check).getResults(0).getDefaultOption();
      for (Leg leg : option.getLegsList()) {
        System.out.println(Values.amount(leg.getQuantity()) + " from " + leg.getLocation() + " ship on " + Values.day(leg.getShipDate())
            + ", cost " + Values.amount(option.getEconomics().getCost()));
      }
      PromiseRequest hold = PromiseRequest.newBuilder().addLines(line).setHoldFor(Values.duration(Duration.ofMinutes(10))).build();
      PromisedLine held = client.call(client.promises(), PromiseServiceBlockingStub::promise, hold).getPromises(0);
      System.out.println("held as " + held.getPromiseId() + " until " + Values.instant(held.getHeldUntil()));
      client.call(client.promises(), PromiseServiceBlockingStub::cancel, CancelRequest.newBuilder().setPromiseId(held.getPromiseId()).build());
    }
  }
}
