package dev.zonekeeper.campaign.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zonekeeper.campaign.history.Action.Age;
import dev.zonekeeper.campaign.history.Change.Add;
import dev.zonekeeper.campaign.history.History;
import dev.zonekeeper.campaign.history.Outcome;
import dev.zonekeeper.campaign.history.Register;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Name;

class HistoryCheckTest {
  private static final Name ZONE = Name.fromConstantString("a.example.");

  private final History history = new History();

  private void happened(String name, Play play) {
    Register register = new Register(ZONE, Name.fromConstantString(name + ".a.example."));
    play.operations().forEach(operation -> history.add(register, operation));
  }

  @Test
  void each_name_is_judged_by_itself() {
    happened("good", new Play().acknowledged(0, 1, new Add("x")).current(5, 6, "x"));
    happened("bad", new Play().acknowledged(0, 1, new Add("x")).current(5, 6));

    HistoryCheck check = HistoryCheck.of(history, 0);

    assertThat(check.anomalies()).extracting(Anomaly::where).containsExactly("bad.a.example");
    assertThat(check.anomalies().getFirst().evidence())
        .anyMatch(line -> line.contains("next must"));
  }

  @Test
  void names_with_a_late_answer_of_a_primary_are_told_and_no_anomaly() {
    happened("late", new Play().acknowledged(0, 1, new Add("x")).read("g", "p0", 5, 6, Age.LEADER));

    HistoryCheck check = HistoryCheck.of(history, 0);

    assertThat(check.anomalies()).isEmpty();
    assertThat(check.late()).hasSize(1);
  }

  @Test
  void writes_are_counted_by_their_outcome() {
    happened("a", new Play().acknowledged(0, 1, new Add("x")).unknown(2, 3, new Add("y")));
    happened("b", new Play().acknowledged(0, 9, new Add("x")).current(5, 6));

    assertThat(history.writes())
        .containsEntry(Outcome.ACKNOWLEDGED, 2L)
        .containsEntry(Outcome.UNKNOWN, 1L)
        .containsEntry(Outcome.REJECTED, 0L);
    assertThat(history.reads()).isEqualTo(1);
    assertThat(history.acknowledgedAt()).containsExactly(1, 9);
  }
}
