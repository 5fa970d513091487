package dev.zonekeeper.campaign.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zonekeeper.campaign.history.Register;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Name;

class NamesTest {
  private static final Name A = Name.fromConstantString("a.example.");
  private static final Name B = Name.fromConstantString("b.example.");
  private static final List<Branch> BRANCHES = List.of(Branch.of(A), Branch.of(B));

  private final Random random = new Random(1);

  @Test
  void a_name_is_left_after_some_dozens_of_uses() {
    Names names = new Names("w", BRANCHES, 2);
    Map<Register, Integer> uses = new HashMap<>();

    for (int i = 0; i < 1000; i++) {
      uses.merge(names.any(random), 1, Integer::sum);
    }

    assertThat(uses.values()).allMatch(count -> count <= 40);
    assertThat(uses.keySet()).extracting(Register::zone).contains(A, B);
  }

  @Test
  void names_are_made_below_the_branch_and_written_to_its_zone() {
    Branch branch = new Branch(A, Name.fromConstantString("7.campaign.a.example."));

    Register register = new Names("w", List.of(branch), 1).any(random);

    assertThat(register).hasToString("w-0.7.campaign.a.example");
    assertThat(register.zone()).isEqualTo(A);
  }

  @Test
  void a_name_is_left_when_too_much_about_it_is_unknown() {
    Names names = new Names("w", BRANCHES, 1);
    Register first = names.any(random);

    for (int i = 0; i < 5; i++) {
      assertThat(names.any(random)).isEqualTo(first);
      names.unknown(first);
    }

    assertThat(names.any(random)).isNotEqualTo(first);
  }

  @Test
  void names_that_were_left_are_looked_at_for_a_while() {
    Names names = new Names("w", BRANCHES, 1);
    Register first = names.any(random);
    for (int i = 0; i < 100; i++) {
      names.any(random);
    }
    boolean seen = false;

    for (int i = 0; i < 100; i++) {
      seen |= names.anyRecent(random).equals(first);
    }

    assertThat(seen).isTrue();
  }
}
