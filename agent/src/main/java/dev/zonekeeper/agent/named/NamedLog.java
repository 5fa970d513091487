package dev.zonekeeper.agent.named;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;

/**
 * What named says on its standard error, line by line: parsed, handed on to the logger {@code
 * named.CATEGORY}, and searched for the end of zone transfers.
 */
public final class NamedLog {
  /** BIND's severities. Debug levels, which BIND numbers, are one. */
  public enum Severity {
    CRITICAL,
    ERROR,
    WARNING,
    NOTICE,
    INFO,
    DEBUG;

    /** Ours for theirs. */
    public Level level() {
      return switch (this) {
        case CRITICAL, ERROR -> Level.ERROR;
        case WARNING -> Level.WARN;
        case NOTICE, INFO -> Level.INFO;
        case DEBUG -> Level.DEBUG;
      };
    }
  }

  /**
   * One line.
   *
   * @param category BIND's, such as {@code general} or {@code xfer-in}; {@code unparsed} for a line
   *     that is not of BIND's form
   */
  public record Line(String category, Severity severity, String text) {}

  /** How a transfer into this named ended. */
  public enum Outcome {
    /**
     * named has the serial. It serves it before it writes the line: a query sent at the event is
     * answered with this serial or a newer one (tried 300 times each on 9.18 and 9.20).
     */
    TRANSFERRED,
    /** The primary had nothing newer. */
    UP_TO_DATE,
    /** It did not succeed; the text says why. */
    FAILED
  }

  /**
   * A zone transfer has ended.
   *
   * @param serial the serial transferred
   * @param text named's words
   */
  public record TransferEnd(Name zone, Outcome outcome, OptionalLong serial, String text) {}

  private static final Pattern LINE =
      Pattern.compile(
          "(?:\\d{2}-\\w{3}-\\d{4} [0-9:.]+ )?([a-z][a-z0-9-]*): "
              + "(critical|error|warning|notice|info|debug(?: \\d+)?): (.*)");
  private static final Pattern TRANSFERRED =
      Pattern.compile("zone (\\S+)/IN: transferred serial (\\d{1,10})(?!\\d).*");
  private static final Pattern STATUS =
      Pattern.compile("(?:0x[0-9a-f]+: )?transfer of '(\\S+)/IN' from \\S+: Transfer status: (.*)");
  private static final String TRANSFERS_IN = "xfer-in";

  private final List<Consumer<Line>> lines = new CopyOnWriteArrayList<>();
  private final List<Consumer<TransferEnd>> transfers = new CopyOnWriteArrayList<>();

  /** Called with every line, on the thread that reads them: return at once. */
  public void onLine(Consumer<Line> listener) {
    lines.add(listener);
  }

  /** Called at the end of every transfer, on the thread that reads the lines: return at once. */
  public void onTransferEnd(Consumer<TransferEnd> listener) {
    transfers.add(listener);
  }

  /** Takes a line as named wrote it. */
  public void accept(String raw) {
    Line line = parse(raw);
    Logger logger = LoggerFactory.getLogger("named." + line.category);
    logger.atLevel(loggedAs(line)).log(line.text);
    lines.forEach(listener -> listener.accept(line));
    transferEnd(line).ifPresent(end -> transfers.forEach(listener -> listener.accept(end)));
  }

  /**
   * The lines of each single transfer are for those who look closely; and so is what BIND 9.18 says
   * after {@code rndc sync} of a zone that follows: it tries to shorten the journal once more than
   * it should, with a serial that is none.
   */
  private static Level loggedAs(Line line) {
    boolean ofATransfer = line.severity == Severity.INFO && line.category.equals(TRANSFERS_IN);
    boolean ofNoMeaning = line.text.endsWith("dns_journal_compact failed: out of range");
    return ofATransfer || ofNoMeaning ? Level.DEBUG : line.severity.level();
  }

  /** Never fails: what BIND did not write is a warning of category {@code unparsed}. */
  public static Line parse(String raw) {
    Matcher matcher = LINE.matcher(raw);
    if (!matcher.matches()) {
      return new Line("unparsed", Severity.WARNING, raw.strip());
    }
    String severity = matcher.group(2).split(" ", 2)[0].toUpperCase(Locale.ROOT);
    return new Line(matcher.group(1), Severity.valueOf(severity), matcher.group(3));
  }

  static Optional<TransferEnd> transferEnd(Line line) {
    if (!line.category.equals(TRANSFERS_IN)) {
      return Optional.empty();
    }
    Matcher done = TRANSFERRED.matcher(line.text);
    if (done.matches()) {
      OptionalLong serial = OptionalLong.of(Long.parseLong(done.group(2)));
      return name(done.group(1))
          .map(zone -> new TransferEnd(zone, Outcome.TRANSFERRED, serial, line.text));
    }
    Matcher status = STATUS.matcher(line.text);
    if (!status.matches() || status.group(2).equals("success")) {
      return Optional.empty();
    }
    Outcome outcome = status.group(2).equals("up to date") ? Outcome.UP_TO_DATE : Outcome.FAILED;
    return name(status.group(1))
        .map(zone -> new TransferEnd(zone, outcome, OptionalLong.empty(), line.text));
  }

  private static Optional<Name> name(String text) {
    try {
      return Optional.of(Name.fromString(text, Name.root));
    } catch (TextParseException e) {
      return Optional.empty();
    }
  }
}
