package dev.zonekeeper.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Record;

class DeltaTest {
  private static final Record A = Samples.txt("a.example.com.", 60, "a");
  private static final Record B = Samples.txt("b.example.com.", 60, "b");

  @Test
  void what_was_added_and_removed_again_disappears() {
    Delta net =
        Delta.condense(
            List.of(delta(1, 2, List.of(), List.of(A, B)), delta(2, 3, List.of(A), List.of())));

    assertThat(net).isEqualTo(delta(1, 3, List.of(), List.of(B)));
  }

  @Test
  void what_was_removed_and_added_again_disappears() {
    Delta net =
        Delta.condense(
            List.of(delta(1, 2, List.of(A, B), List.of()), delta(2, 3, List.of(), List.of(A))));

    assertThat(net).isEqualTo(delta(1, 3, List.of(B), List.of()));
  }

  @Test
  void a_change_of_ttl_remains_and_one_there_and_back_does_not() {
    Record longer = Samples.txt("a.example.com.", 600, "a");
    Delta up = delta(1, 2, List.of(A), List.of(longer));
    Delta down = delta(2, 3, List.of(longer), List.of(A));

    assertThat(Delta.condense(List.of(up))).isEqualTo(up);
    assertThat(Delta.condense(List.of(up, down))).isEqualTo(delta(1, 3, List.of(), List.of()));
  }

  @Test
  void owners_are_the_same_in_any_case_and_data_is_not() {
    Record capital = Samples.txt("A.EXAMPLE.com.", 60, "a");
    Record other = Samples.txt("a.example.com.", 60, "A");

    assertThat(
            Delta.condense(
                List.of(
                    delta(1, 2, List.of(), List.of(A)), delta(2, 3, List.of(capital), List.of()))))
        .isEqualTo(delta(1, 3, List.of(), List.of()));
    assertThat(Delta.condense(List.of(delta(1, 2, List.of(A), List.of(other)))).removed())
        .containsExactly(A);
  }

  @Test
  void deltas_with_a_gap_or_of_two_zones_or_none_are_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            Delta.condense(
                List.of(delta(1, 2, List.of(), List.of(A)), delta(3, 4, List.of(), List.of(B)))))
        .withMessageContaining("from serial 2, found")
        .withMessageContaining("from serial 3");
    Delta elsewhere =
        new Delta(
            Samples.name("example.org."), Samples.soa(2), Samples.soa(3), List.of(), List.of());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Delta.condense(List.of(delta(1, 2, List.of(), List.of(A)), elsewhere)));
    assertThatIllegalArgumentException().isThrownBy(() -> Delta.condense(List.of()));
  }

  @Test
  void the_order_of_an_ixfr_is_new_soa_old_soa_removed_new_soa_added_new_soa() {
    assertThat(Delta.inTransferOrder(List.of(delta(1, 2, List.of(A), List.of(B)))))
        .containsExactly(Samples.soa(2), Samples.soa(1), A, Samples.soa(2), B, Samples.soa(2));
  }

  @Test
  void several_changes_stay_apart_between_the_first_and_the_last_soa() {
    Delta first = delta(1, 2, List.of(), List.of(A));
    Delta second = delta(2, 3, List.of(A), List.of(B));

    assertThat(Delta.inTransferOrder(List.of(first, second)))
        .containsExactly(
            Samples.soa(3),
            Samples.soa(1),
            Samples.soa(2),
            A,
            Samples.soa(2),
            A,
            Samples.soa(3),
            B,
            Samples.soa(3));
  }

  private static Delta delta(long from, long to, List<Record> removed, List<Record> added) {
    return new Delta(Samples.ZONE, Samples.soa(from), Samples.soa(to), removed, added);
  }
}
