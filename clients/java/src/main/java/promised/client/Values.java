package promised.client;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;

/** Java's values in and out. */
public final class Values {
  private Values() {}

  /** The exact decimal of a quantity or an amount of money: rounded to 6 places, no trailing zeros. */
  public static BigDecimal amount(double number) {
    BigDecimal exact = BigDecimal.valueOf(number).setScale(6, RoundingMode.HALF_EVEN).stripTrailingZeros();
    return exact.scale() < 0 ? exact.setScale(0) : exact;
  }

  /** The double of a decimal; more than 6 places are refused, as the server would. */
  public static double quantity(BigDecimal decimal) {
    return decimal.setScale(6, RoundingMode.UNNECESSARY).doubleValue();
  }

  /** The date of a field such as ship_date; null where it is empty. */
  public static LocalDate day(String text) { return text.isEmpty() ? null : LocalDate.parse(text); }

  /** A duration as the server reads it. */
  public static Duration duration(java.time.Duration span) {
    return Duration.newBuilder().setSeconds(span.getSeconds()).setNanos(span.getNano()).build();
  }

  /** A duration of an answer. */
  public static java.time.Duration span(Duration span) { return java.time.Duration.ofSeconds(span.getSeconds(), span.getNanos()); }

  /** A date as the server reads it. */
  public static String date(LocalDate day) { return day.toString(); }

  /** A point in time as the server reads it. */
  public static Timestamp timestamp(Instant moment) {
    return Timestamp.newBuilder().setSeconds(moment.getEpochSecond()).setNanos(moment.getNano()).build();
  }

  /** A point in time of an answer. */
  public static Instant instant(Timestamp stamp) { return Instant.ofEpochSecond(stamp.getSeconds(), stamp.getNanos()); }

  /** A field that holds RFC 3339 text, such as RefreshSummary.at; null where it is empty. */
  public static Instant instant(String text) { return text.isEmpty() ? null : Instant.parse(text); }
}
