package dev.zonekeeper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Log events as lines of JSON. */
class JsonLinesTest {
  private static final LoggerContext CONTEXT = new LoggerContext();
  private static final Instant TIME = Instant.parse("2026-01-31T12:00:00.100200300Z");

  @Test
  void aLineOfTheAgentSaysWhenHowBadWhoWhereAndWhat() throws Exception {
    JsonNode line = parsed(encoded("dev.zonekeeper.agent.Agent", "it leads \"epoch\" 3", null));

    assertThat(line.properties().stream().map(field -> field.getKey()))
        .containsExactly("time", "level", "member", "component", "logger", "message");
    assertThat(line.get("time").textValue()).isEqualTo("2026-01-31T12:00:00.100Z");
    assertThat(line.get("level").textValue()).isEqualTo("WARN");
    assertThat(line.get("member").textValue()).isEqualTo("demo-primary-0");
    assertThat(line.get("component").textValue()).isEqualTo("agent");
    assertThat(line.get("logger").textValue()).isEqualTo("dev.zonekeeper.agent.Agent");
    assertThat(line.get("message").textValue()).isEqualTo("it leads \"epoch\" 3");
  }

  @Test
  void aLineOfNamedHasItsCategory() throws Exception {
    JsonNode line = parsed(encoded("named.xfer-in", "transfer failed", null));

    assertThat(line.get("component").textValue()).isEqualTo("named");
    assertThat(line.get("category").textValue()).isEqualTo("xfer-in");
  }

  @Test
  void aStackTraceIsAFieldAndTheLineStaysOne() throws Exception {
    Exception failure = new IllegalStateException("above", new RuntimeException("the\nreason"));
    String text = encoded("dev.zonekeeper.X", "failed", failure);

    assertThat(text).endsWith("}\n").hasLineCount(1);
    assertThat(parsed(text).get("stack").textValue())
        .contains("IllegalStateException: above", "Caused by: ", "the\nreason", "JsonLinesTest");
  }

  @Test
  void whatIsNoTextOfAnyLanguageDoesNotBreakTheLine() throws Exception {
    String text =
        encoded("named.unparsed", "bell \u0007, line\r\nfeed, half a pair \ud83d, é", null);

    assertThat(text).hasLineCount(1);
    assertThat(parsed(text).get("message").textValue())
        .startsWith("bell \u0007, line\r\nfeed, half a pair ")
        .endsWith(", é");
  }

  private static String encoded(String logger, String message, Throwable failure) {
    LoggingEvent event =
        new LoggingEvent("", CONTEXT.getLogger(logger), Level.WARN, message, failure, null);
    event.setInstant(TIME);
    return new String(new JsonLines("demo-primary-0").encode(event), StandardCharsets.UTF_8);
  }

  private static JsonNode parsed(String line) throws Exception {
    return new ObjectMapper().readTree(line);
  }
}
