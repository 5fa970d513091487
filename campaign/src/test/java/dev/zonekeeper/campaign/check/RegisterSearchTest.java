package dev.zonekeeper.campaign.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zonekeeper.campaign.history.Action.Age;
import dev.zonekeeper.campaign.history.Change;
import dev.zonekeeper.campaign.history.Change.Add;
import dev.zonekeeper.campaign.history.Change.Clear;
import dev.zonekeeper.campaign.history.Change.Delete;
import dev.zonekeeper.campaign.history.Change.Replace;
import dev.zonekeeper.campaign.history.Outcome;
import dev.zonekeeper.campaign.history.Prerequisite.Absent;
import dev.zonekeeper.campaign.history.Prerequisite.Exactly;
import dev.zonekeeper.campaign.history.Prerequisite.Present;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RegisterSearchTest {
  private static Change add(String value) {
    return new Add(value);
  }

  private static Change replace(String value) {
    return new Replace(value);
  }

  @Test
  void nothing_at_all_is_possible() {
    assertThat(new Play().possible()).isTrue();
  }

  @Test
  void what_was_acknowledged_is_there_in_the_end() {
    assertThat(new Play().acknowledged(0, 1, add("a")).current(5, 6, "a").possible()).isTrue();
  }

  @Test
  void an_acknowledged_add_that_is_missing_in_the_end_is_found() {
    assertThat(new Play().acknowledged(0, 1, add("a")).current(5, 6).possible()).isFalse();
  }

  @Test
  void one_of_many_acknowledged_adds_that_is_missing_is_found() {
    Play play = new Play();
    for (int i = 0; i < 20; i++) {
      play.acknowledged(i * 10, i * 10 + 5, i % 5 == 4 ? replace("v" + i) : add("v" + i));
    }

    play.current(500, 501, "v19");

    assertThat(play.possible()).isTrue();
    assertThat(play.acknowledged(510, 511, add("x")).current(520, 521, "v19").possible()).isFalse();
  }

  @Test
  void an_acknowledged_delete_that_did_not_last_is_found() {
    Play play = new Play().acknowledged(0, 1, add("a")).acknowledged(2, 3, new Delete("a"));

    assertThat(play.current(4, 5, "a").possible()).isFalse();
  }

  @Test
  void an_acknowledged_clear_that_did_not_last_is_found() {
    Play play = new Play().acknowledged(0, 1, add("a")).acknowledged(2, 3, new Clear());

    assertThat(play.current(4, 5, "a").possible()).isFalse();
  }

  @Test
  void a_value_that_nobody_wrote_is_found() {
    assertThat(new Play().acknowledged(0, 1, add("a")).current(5, 6, "a", "b").possible())
        .isFalse();
    assertThat(new Play().secondary(5, 6, "b").possible()).isFalse();
  }

  @Test
  void a_value_of_a_refused_write_is_found() {
    Play play =
        new Play()
            .acknowledged(0, 1, add("a"))
            .write(2, 3, new Absent(), add("b"), Outcome.UNMET)
            .current(5, 6, "a", "b");

    assertThat(play.possible()).isFalse();
  }

  @Test
  void a_value_of_a_rejected_write_is_found() {
    Play play = new Play().write(2, 3, new Absent(), add("b"), Outcome.REJECTED);

    assertThat(play.current(5, 6, "b").possible()).isFalse();
  }

  @Test
  void a_rejected_write_says_nothing_of_the_content() {
    Play play = new Play().write(2, 3, new Absent(), add("b"), Outcome.REJECTED);

    assertThat(play.current(5, 6).possible()).isTrue();
  }

  @Test
  void writes_one_after_the_other_keep_their_order() {
    Play play = new Play().acknowledged(0, 1, replace("a")).acknowledged(2, 3, replace("b"));

    assertThat(play.current(4, 5, "a").possible()).isFalse();
  }

  @Test
  void concurrent_writes_may_have_either_order() {
    for (String last : List.of("a", "b")) {
      Play play = new Play().acknowledged(0, 10, replace("a")).acknowledged(5, 15, replace("b"));

      assertThat(play.current(20, 21, last).possible()).as(last).isTrue();
    }
  }

  @Test
  void concurrent_writes_have_one_order_for_all_who_look() {
    Play play =
        new Play()
            .acknowledged(0, 10, replace("a"))
            .acknowledged(0, 10, replace("b"))
            .current(20, 21, "a")
            .current(30, 31, "b");

    assertThat(play.possible()).isFalse();
  }

  @Test
  void an_unknown_write_may_have_been_done_or_not() {
    assertThat(new Play().unknown(0, 5, add("a")).current(10, 11, "a").possible()).isTrue();
    assertThat(new Play().unknown(0, 5, add("a")).current(10, 11).possible()).isTrue();
  }

  @Test
  void an_unknown_write_may_be_done_long_after_its_end() {
    Play play = new Play().unknown(0, 5, add("a")).current(10, 11).current(20, 21, "a");

    assertThat(play.possible()).isTrue();
  }

  @Test
  void an_unknown_write_is_done_once_at_most() {
    Play play =
        new Play()
            .unknown(0, 5, add("a"))
            .current(10, 11, "a")
            .acknowledged(12, 13, new Delete("a"))
            .current(20, 21, "a");

    assertThat(play.possible()).isFalse();
  }

  @Test
  void an_unknown_write_is_not_done_before_it_was_sent() {
    Play play = new Play().current(0, 1, "a").unknown(5, 9, add("a"));

    assertThat(play.possible()).isFalse();
  }

  @Test
  void what_somebody_saw_of_an_unknown_write_stays() {
    Play play = new Play().unknown(0, 5, add("a")).secondary(10, 11, "a").current(20, 21);

    assertThat(play.possible()).isFalse();
  }

  @Test
  void a_prerequisite_is_held_against_the_content() {
    Play twice =
        new Play()
            .write(0, 1, new Absent(), add("a"), Outcome.ACKNOWLEDGED)
            .write(2, 3, new Absent(), add("b"), Outcome.ACKNOWLEDGED);

    assertThat(twice.possible()).isFalse();
  }

  @Test
  void what_was_to_be_there_was_there() {
    Play play = new Play().write(0, 1, new Present(), add("a"), Outcome.ACKNOWLEDGED);

    assertThat(play.possible()).isFalse();
  }

  @Test
  void a_prerequisite_that_failed_though_it_was_met_is_found() {
    assertThat(new Play().write(0, 1, new Absent(), add("a"), Outcome.UNMET).possible()).isFalse();
    assertThat(
            new Play()
                .acknowledged(0, 1, add("a"))
                .write(2, 3, new Present(), add("b"), Outcome.UNMET)
                .possible())
        .isFalse();
  }

  @Test
  void of_two_who_compare_and_swap_at_once_one_wins() {
    Exactly a = new Exactly(Set.of("a"));
    Play both =
        new Play()
            .acknowledged(0, 1, replace("a"))
            .write(5, 10, a, replace("b"), Outcome.ACKNOWLEDGED)
            .write(5, 10, a, replace("c"), Outcome.ACKNOWLEDGED);
    Play one =
        new Play()
            .acknowledged(0, 1, replace("a"))
            .write(5, 10, a, replace("b"), Outcome.ACKNOWLEDGED)
            .write(5, 10, a, replace("c"), Outcome.UNMET);

    assertThat(both.possible()).isFalse();
    assertThat(one.possible()).isTrue();
  }

  @Test
  void a_secondary_may_be_behind() {
    Play play = new Play().acknowledged(0, 1, add("a")).secondary(10, 11);

    assertThat(play.possible()).isTrue();
  }

  @Test
  void a_secondary_does_not_go_back_behind_what_it_showed() {
    Play play = new Play().acknowledged(0, 1, add("a")).secondary(10, 11, "a").secondary(12, 13);

    assertThat(play.possible()).isFalse();
  }

  @Test
  void another_secondary_may_be_behind_the_first() {
    Play play =
        new Play()
            .acknowledged(0, 1, add("a"))
            .secondary(10, 11, "a")
            .read("r1", "s1", 12, 13, Age.PAST);

    assertThat(play.possible()).isTrue();
  }

  @Test
  void a_secondary_does_not_show_what_is_written_later() {
    Play play = new Play().secondary(0, 1, "a").acknowledged(5, 6, add("a"));

    assertThat(play.possible()).isFalse();
  }

  @Test
  void secondaries_show_writes_in_one_order() {
    Play play =
        new Play()
            .acknowledged(0, 10, replace("a"))
            .acknowledged(0, 10, replace("b"))
            .secondary(20, 21, "a")
            .secondary(22, 23, "b")
            .read("r1", "s1", 20, 21, Age.PAST, "b")
            .read("r1", "s1", 22, 23, Age.PAST, "a");

    assertThat(play.possible()).isFalse();
  }

  @Test
  void a_deposed_leader_may_answer_from_the_past_but_it_is_told() {
    Play play = new Play().acknowledged(0, 1, add("a")).read("g", "p0", 10, 11, Age.LEADER);

    assertThat(play.possible()).isTrue();
    assertThat(play.possibleWithCurrentLeader()).isFalse();
  }

  @Test
  void where_it_came_furthest_is_told() {
    Play play = new Play().acknowledged(0, 1, add("a")).current(5, 6, "a").current(7, 8);

    assertThat(play.explained())
        .isInstanceOfSatisfying(
            Explanation.None.class,
            none -> {
              assertThat(none.content()).isEqualTo("[a]");
              assertThat(none.stuck())
                  .extracting(operation -> operation.startNanos())
                  .containsExactly(7L);
            });
  }

  @Test
  void a_search_that_takes_too_long_is_given_up_and_not_taken_for_an_explanation() {
    Play play = new Play();
    for (int i = 0; i < 30; i++) {
      play.unknown(0, 1, add("u" + i));
    }
    play.current(100, 101, "nobody wrote this");

    assertThat(play.explained()).isInstanceOf(Explanation.GivenUp.class);
  }
}
