package dev.zonekeeper.agent.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Name;

class ResyncMarkersTest {
  private static final Name ZONE = Name.fromConstantString("example.com.");
  private static final Name OTHER = Name.fromConstantString("a/b.example.");

  @TempDir private Path folder;
  private ResyncMarkers markers;

  @BeforeEach
  void open() throws IOException {
    markers = new ResyncMarkers(folder);
  }

  @Test
  void aMarkOutlivesTheProcess() throws IOException {
    markers.set(ZONE);
    markers.set(OTHER);

    ResyncMarkers later = new ResyncMarkers(folder);

    assertThat(later.losable()).containsExactlyInAnyOrder(ZONE, OTHER);
    assertThat(later.isSet(ZONE)).isTrue();
  }

  @Test
  void theLongestNameCanBeMarked() throws IOException {
    String label = "\\255".repeat(60);
    Name longest = Name.fromString(String.join(".", label, label, label, label, "example."));

    markers.set(longest);

    ResyncMarkers later = new ResyncMarkers(folder);
    assertThat(later.losable()).containsExactly(longest);
    later.remove(longest);
    assertThat(new ResyncMarkers(folder).isEmpty()).isTrue();
  }

  /** Earlier versions called the files otherwise. */
  @Test
  void theMarkIsWhatIsInTheFile() throws IOException {
    Path old = Files.writeString(folder.resolve("a\\047b.example.zone"), OTHER + "\n");

    ResyncMarkers later = new ResyncMarkers(folder);

    assertThat(later.isSet(OTHER)).isTrue();
    later.remove(OTHER);
    assertThat(old).doesNotExist();
  }

  @Test
  void aMarkThatNamesNoZoneIsRefused() throws IOException {
    Files.writeString(folder.resolve("x.zone"), "..\n");

    assertThatThrownBy(() -> new ResyncMarkers(folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("x.zone names no zone");
  }

  @Test
  void aMarkThatWasRemovedDoesNot() throws IOException {
    markers.set(ZONE);
    markers.remove(ZONE);

    assertThat(markers.isEmpty()).isTrue();
    assertThat(new ResyncMarkers(folder).isEmpty()).isTrue();
  }

  @Test
  void oneOfAZoneWithoutDataStandsButNothingIsLostWhenItEnds() {
    markers.setWithoutData(ZONE);

    assertThat(markers.isSet(ZONE)).isTrue();
    assertThat(markers.size()).isEqualTo(1);
    assertThat(markers.losable()).isEmpty();
  }

  @Test
  void oneOfAZoneWithoutDataDoesNotOutliveTheProcess() throws IOException {
    markers.setWithoutData(ZONE);

    assertThat(new ResyncMarkers(folder).isEmpty()).isTrue();
  }

  @Test
  void allAreRemovedWhenNothingIsPromisedAnyMore() throws IOException {
    markers.set(ZONE);
    markers.setWithoutData(OTHER);

    markers.clear();

    assertThat(markers.isEmpty()).isTrue();
    assertThat(new ResyncMarkers(folder).isEmpty()).isTrue();
  }
}
