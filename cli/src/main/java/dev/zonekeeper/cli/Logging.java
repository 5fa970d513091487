package dev.zonekeeper.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where log lines go: to stderr, a line each, beginning with the time in UTC; or, when an agent is
 * told so, to stdout as {@linkplain JsonLines lines of JSON}. Found by Logback as a service; in
 * Java because reading XML would cost a tenth of a second at every start.
 */
public final class Logging extends ContextAwareBase implements Configurator {
  private static final String PATTERN =
      "%d{\"yyyy-MM-dd'T'HH:mm:ss.SSS'Z'\", UTC} %-5level %logger{0}: %msg%n";

  /** The forms that an agent's log has. */
  enum Format {
    /** For people, on stderr. */
    TEXT,
    /** For programs, on stdout; nothing else is written there. */
    JSON
  }

  /** Commands are silent but for trouble. */
  @Override
  public ExecutionStatus configure(LoggerContext context) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(PATTERN);
    encoder.start();
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(context);
    console.setTarget("System.err");
    console.setEncoder(encoder);
    console.start();
    ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.addAppender(console);
    root.setLevel(Level.WARN);
    // What becomes of a watch is said by those who begin it anew.
    context
        .getLogger("io.fabric8.kubernetes.client.dsl.internal.AbstractWatchManager")
        .setLevel(Level.OFF);
    // What came of a command in a pod is said by who ran it, not by the connection that closes
    // then.
    context.getLogger("io.fabric8.kubernetes.client.jdkhttp.JdkWebSocketImpl").setLevel(Level.OFF);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /**
   * An agent says what it decides and why.
   *
   * @param member the agent's, shown in each line of JSON
   */
  static void ofAgent(Format format, String member) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.getLogger("dev.zonekeeper").setLevel(Level.INFO);
      switch (format) {
        case TEXT -> {}
        case JSON -> jsonOnStdout(context, member);
      }
    }
  }

  /** Whatever else is printed on {@code System.out} goes to stderr from now on. */
  private static void jsonOnStdout(LoggerContext context, String member) {
    JsonLines encoder = new JsonLines(member);
    encoder.setContext(context);
    encoder.start();
    OutputStreamAppender<ILoggingEvent> stdout = new OutputStreamAppender<>();
    stdout.setContext(context);
    stdout.setEncoder(encoder);
    stdout.setOutputStream(new FileOutputStream(FileDescriptor.out));
    stdout.start();
    System.setOut(System.err);
    ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.detachAndStopAllAppenders();
    root.addAppender(stdout);
    Thread.setDefaultUncaughtExceptionHandler((thread, failure) ->
        LoggerFactory.getLogger(Logging.class)
            .error("thread {} ended: {}", thread.getName(), failure, failure));
  }
}
