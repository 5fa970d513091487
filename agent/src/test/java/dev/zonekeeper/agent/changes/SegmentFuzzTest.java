package dev.zonekeeper.agent.changes;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.zonekeeper.agent.Damage;
import dev.zonekeeper.dns.Delta;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.TXTRecord;

/**
 * Of a file of the change log nothing is read but what was written to it, and of one that ends too
 * early all that is whole. A record that is whole is a change, or is refused in words.
 */
class SegmentFuzzTest {
  private static final Name ZONE = Name.fromConstantString("example.com.");

  static Stream<Arguments> files() {
    return Stream.of(file(records()), file(records().subList(0, 1)), new byte[0])
        .map(Arguments::of);
  }

  static Stream<Arguments> contents() {
    return records().stream().map(Arguments::of);
  }

  @MethodSource("files")
  @FuzzTest(maxDuration = "")
  void a_file(byte[] bytes) throws IOException {
    checkRecords(bytes);
  }

  @MethodSource("contents")
  @FuzzTest(maxDuration = "")
  void a_record_that_is_whole(byte[] content) throws IOException {
    checkChange(content);
  }

  @Test
  void filesDamagedAtRandom() {
    Damage.each(List.of(file(records())), SegmentFuzzTest::checkWritten);
  }

  @Test
  void wholeRecordsDamagedAtRandom() {
    Damage.each(records(), SegmentFuzzTest::checkChange);
  }

  @Test
  void whereverAFileEndsTheWholeRecordsBeforeAreRead() {
    List<byte[]> records = records();
    byte[] file = file(records);
    for (int end = 0; end <= file.length; end++) {
      List<ByteBuffer> read = Segment.contents(Arrays.copyOf(file, end));
      int whole = 0;
      while (whole < records.size() && file(records.subList(0, whole + 1)).length <= end) {
        whole++;
      }
      assertThat(read).as("of %d octets", end).isEqualTo(buffers(records.subList(0, whole)));
    }
  }

  /** Each is what its checksum says, one behind the other from the beginning of the file. */
  private static void checkRecords(byte[] file) {
    List<byte[]> contents = Segment.contents(file).stream().map(SegmentFuzzTest::octets).toList();
    byte[] again = file(contents);
    assertThat(again).isEqualTo(Arrays.copyOf(file, again.length));
  }

  private static void checkWritten(byte[] file) {
    checkRecords(file);
    assertThat(buffers(records())).containsAll(Segment.contents(file));
  }

  private static void checkChange(byte[] content) throws IOException {
    LoggedChange change;
    try {
      change = LoggedChange.read(ByteBuffer.wrap(content));
    } catch (IOException e) {
      assertThat(e.getMessage()).isNotBlank();
      return;
    }
    Optional<ByteBuffer> again = change.toBytes();
    if (again.isPresent()) { // names that were compressed to fit may not fit again
      assertThat(LoggedChange.read(again.get())).isEqualTo(change);
    }
  }

  private static byte[] file(List<byte[]> contents) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    contents.forEach(content -> bytes.writeBytes(Segment.framed(ByteBuffer.wrap(content)).array()));
    return bytes.toByteArray();
  }

  private static List<ByteBuffer> buffers(List<byte[]> contents) {
    return contents.stream().map(ByteBuffer::wrap).toList();
  }

  private static byte[] octets(ByteBuffer content) {
    byte[] bytes = new byte[content.remaining()];
    content.duplicate().get(bytes);
    return bytes;
  }

  private static List<byte[]> records() {
    return Stream.of(
            new LoggedChange(7, delta(7 << 16, List.of(), List.of(text("a")))),
            new LoggedChange(7, delta((7 << 16) + 1, List.of(text("a")), List.of(text("b")))),
            new LoggedChange(Long.MAX_VALUE, delta(0xFFFF_FFFFL, List.of(), List.of())))
        .map(change -> octets(change.toBytes().orElseThrow()))
        .toList();
  }

  private static Delta delta(long from, List<Record> removed, List<Record> added) {
    return new Delta(ZONE, soa(from), soa((from + 1) & 0xFFFF_FFFFL), removed, added);
  }

  private static Record text(String label) {
    Name name = Name.fromConstantString(label + ".example.com.");
    return new TXTRecord(name, DClass.IN, 300, "value of " + label);
  }

  private static SOARecord soa(long serial) {
    return new SOARecord(ZONE, DClass.IN, 300, ZONE, ZONE, serial, 3600, 600, 86400, 300);
  }
}
