package dev.zonekeeper.agent.named;

import java.util.List;

/**
 * How a named ended.
 *
 * @param pid its process
 * @param code its exit code; 128 + n after signal n
 * @param asked whether {@link NameServer#stop} or {@link NameServer#kill} ended it
 * @param lastWords its last log lines of severity warning and above, oldest first
 */
public record ExitReason(long pid, int code, boolean asked, List<String> lastWords) {
  public ExitReason {
    lastWords = List.copyOf(lastWords);
  }

  /** One sentence for people. */
  public String sentence() {
    String how = code > 128 ? "was ended by signal " + (code - 128) : "exited with code " + code;
    String words = lastWords.isEmpty() ? "" : "; its last words: " + String.join(" / ", lastWords);
    return "named (pid " + pid + ") " + how + (asked ? " as it was told" : "") + words;
  }
}
