package dev.zonekeeper.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * A log event as one line of JSON:
 *
 * <pre>{"time":"2026-01-31T12:00:00.000Z","level":"INFO","member":"demo-primary-0",
 *  "component":"named","category":"general","logger":"named.general","message":"running"}</pre>
 *
 * <p>{@code component} is {@code agent} or {@code named}; {@code category} is BIND's and there for
 * {@code named} alone; {@code stack} is there when the event has an exception. (Logback's own
 * encoder has fixed names and no such fields; logstash-logback-encoder would bring a second Jackson
 * of 2 MB.)
 */
final class JsonLines extends EncoderBase<ILoggingEvent> {
  private static final String NAMED = "named.";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
  private static final byte[] NOTHING = {};

  private final JsonFactory json = new JsonFactory();
  private final String member;

  /**
   * @param member in every line, to tell lines apart where those of several members are collected
   */
  JsonLines(String member) {
    this.member = member;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    StringWriter line = new StringWriter(256);
    try (JsonGenerator out = json.createGenerator(line)) {
      out.writeStartObject();
      out.writeStringField("time", TIME.format(event.getInstant()));
      out.writeStringField("level", event.getLevel().toString());
      out.writeStringField("member", member);
      String logger = event.getLoggerName();
      if (logger.startsWith(NAMED)) {
        out.writeStringField("component", "named");
        out.writeStringField("category", logger.substring(NAMED.length()));
      } else {
        out.writeStringField("component", "agent");
      }
      out.writeStringField("logger", logger);
      out.writeStringField("message", event.getFormattedMessage());
      if (event.getThrowableProxy() != null) {
        out.writeStringField("stack", ThrowableProxyUtil.asString(event.getThrowableProxy()));
      }
      out.writeEndObject();
    } catch (IOException cannotBe) {
      throw new UncheckedIOException(cannotBe);
    }
    return line.append('\n').toString().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public byte[] headerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] footerBytes() {
    return NOTHING;
  }
}
