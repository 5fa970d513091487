package dev.zonekeeper.agent.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zonekeeper.core.Lease;
import dev.zonekeeper.core.MemberId;
import dev.zonekeeper.core.Memory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemberHomeTest {
  @TempDir private Path data;

  private MemberHome open() throws IOException {
    return MemberHome.open("a", data, new SecureRandom());
  }

  private static Lease lease(MemberId... inSync) {
    return new Lease(
        Optional.of("b"),
        7,
        12,
        Instant.parse("2026-01-01T00:00:00Z"),
        Duration.ofSeconds(5),
        Set.of(inSync),
        Optional.empty());
  }

  @Test
  void aNewMemberHasSeenNothing() throws IOException {
    try (MemberHome home = open()) {
      assertThat(home.memory()).isEqualTo(Memory.NOTHING);
      assertThat(home.isFresh()).isTrue();
    }
  }

  @Test
  void theNextLifeKnowsTheLeaseAndTheEpochOfTheLast() throws IOException {
    Memory memory = new Memory(Optional.of(lease(new MemberId("b", "1"))), 9);
    MemberId id;
    try (MemberHome home = open()) {
      id = home.id();
      home.remember(memory);
    }
    try (MemberHome home = open()) {
      assertThat(home.memory()).isEqualTo(memory);
      assertThat(home.id()).isEqualTo(id);
    }
  }

  @Test
  void anEpochIsKnownWithoutAnyLease() throws IOException {
    Memory memory = new Memory(Optional.empty(), 9);
    try (MemberHome home = open()) {
      home.remember(memory);
    }
    try (MemberHome home = open()) {
      assertThat(home.memory()).isEqualTo(memory);
    }
  }

  @Test
  void aNewIncarnationForgetsNoEpoch() throws IOException {
    Memory memory = new Memory(Optional.empty(), 9);
    try (MemberHome home = open()) {
      MemberId before = home.id();
      home.remember(memory);
      assertThat(home.newIncarnation("of the test")).isNotEqualTo(before);
    }
    try (MemberHome home = open()) {
      assertThat(home.memory()).isEqualTo(memory);
    }
  }

  @Test
  void aFileThatIsEmptyIsNotTakenForAMemberThatHasSeenNothing() throws IOException {
    open().close();
    Path file = data.resolve("member.json");
    Files.write(file, new byte[0]);

    assertThatThrownBy(this::open)
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file + " cannot be read");

    Files.delete(file);
    open().close();
  }

  /** The folder is no place for a second agent, which would write the same file. */
  @Test
  void aFolderHasOneAgent() throws IOException {
    MemberHome home = open();
    assertThatThrownBy(this::open).hasMessageContaining("another agent runs on");
    home.close();
    open().close();
  }

  /** What an agent of an earlier release has written has no epoch but that of the lease. */
  @Test
  void withoutAnEpochInTheFileThatOfTheLeaseCounts() throws IOException {
    try (MemberHome home = open()) {
      home.remember(Memory.of(lease(new MemberId("b", "1"))));
    }
    Path file = data.resolve("member.json");
    String text = Files.readString(file);
    Files.writeString(file, text.replaceAll(",\\s*\"knownEpoch\"\\s*:\\s*7", ""));
    assertThat(Files.readString(file)).doesNotContain("knownEpoch");
    try (MemberHome home = open()) {
      assertThat(home.memory().epoch()).isEqualTo(7);
    }
  }
}
