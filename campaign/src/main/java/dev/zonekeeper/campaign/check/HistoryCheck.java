package dev.zonekeeper.campaign.check;

import dev.zonekeeper.campaign.history.History;
import dev.zonekeeper.campaign.history.Operation;
import dev.zonekeeper.campaign.history.Register;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Judges a whole history, register by register.
 *
 * @param anomalies registers without an explanation
 * @param late registers that can be explained only because a primary member answered a query from
 *     the past
 */
public record HistoryCheck(List<Anomaly> anomalies, List<Register> late) {
  private static final int MOST_STEPS = 2_000_000;

  public HistoryCheck {
    anomalies = List.copyOf(anomalies);
    late = List.copyOf(late);
  }

  /**
   * Judges what clients did.
   *
   * @param originNanos what times in the evidence count from, {@link System#nanoTime()}
   */
  public static HistoryCheck of(History history, long originNanos) {
    List<Anomaly> anomalies = new ArrayList<>();
    List<Register> late = new ArrayList<>();
    List<Register> registers =
        history.registers().stream().sorted(Comparator.comparing(Register::name)).toList();
    for (Register register : registers) {
      List<Operation> operations = history.of(register);
      if (RegisterSearch.explain(operations, true, MOST_STEPS) instanceof Explanation.Found) {
        continue;
      }
      switch (RegisterSearch.explain(operations, false, MOST_STEPS)) {
        case Explanation.Found _ -> late.add(register);
        case Explanation.None none ->
            anomalies.add(anomaly(register, operations, none, originNanos));
        case Explanation.GivenUp gaveUp ->
            anomalies.add(
                new Anomaly(
                    register.toString(),
                    "no order that explains it was found in %,d steps".formatted(gaveUp.steps()),
                    lines(operations, originNanos)));
      }
    }
    return new HistoryCheck(anomalies, late);
  }

  private static Anomaly anomaly(
      Register register, List<Operation> operations, Explanation.None none, long originNanos) {
    List<String> evidence = new ArrayList<>(lines(operations, originNanos));
    evidence.add("the longest order that fits ends with " + none.content() + "; next must come");
    none.stuck().forEach(operation -> evidence.add("  " + operation.inWords(originNanos)));
    return new Anomaly(
        register.toString(), "no order of its operations explains what was seen", evidence);
  }

  private static List<String> lines(List<Operation> operations, long originNanos) {
    return operations.stream().map(operation -> operation.inWords(originNanos)).toList();
  }
}
