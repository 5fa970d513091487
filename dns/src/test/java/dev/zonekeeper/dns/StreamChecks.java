package dev.zonekeeper.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zonekeeper.dns.net.TcpFrames;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;

/** What must be true of a TCP stream and of a transfer in it, whatever bytes it has. */
final class StreamChecks {
  private StreamChecks() {}

  /** Fails unless all of it is true of these bytes. */
  static void check(byte[] stream) throws Exception {
    List<byte[]> messages = framesOf(stream);
    for (long have : new long[] {7, 0xFFFF_FFFFL, serialIn(messages)}) {
      assertReadersAgree(messages, have);
    }
  }

  private static List<byte[]> framesOf(byte[] stream) throws IOException {
    List<byte[]> messages = new ArrayList<>();
    var in = new ByteArrayInputStream(stream);
    int end = 0;
    try {
      for (var next = TcpFrames.read(in); next.isPresent(); next = TcpFrames.read(in)) {
        messages.add(next.get());
        end += 2 + next.get().length;
      }
      assertThat(end).isEqualTo(stream.length);
    } catch (EOFException e) {
      assertThat(end).isLessThan(stream.length);
    }
    var again = new ByteArrayOutputStream();
    for (byte[] message : messages) {
      TcpFrames.write(again, message);
    }
    assertThat(again.toByteArray()).isEqualTo(Arrays.copyOf(stream, end));
    return messages;
  }

  /**
   * The serial before that of the first SOA record, so that some streams are of changes from it.
   */
  private static long serialIn(List<byte[]> messages) {
    return messages.isEmpty()
        ? 0
        : (TransferProgress.soaSerial(messages.getFirst()).orElse(1) - 1) & 0xFFFF_FFFFL;
  }

  /** The one that parses records and the one that only counts them. */
  private static void assertReadersAgree(List<byte[]> messages, long have) throws Exception {
    TransferProgress progress = new TransferProgress(Samples.ixfrQuery(have).toWire());
    TransferReader reader = TransferReader.ofIxfr(Samples.ZONE, have);
    for (byte[] bytes : messages) {
      Optional<Boolean> complete = complete(reader, bytes);
      if (complete.isEmpty()) {
        MessageChecks.refusal(() -> progress.take(bytes));
        return;
      }
      if (isStricter(progress, bytes, !complete.get())) {
        return;
      }
      assertThat(progress.complete()).isEqualTo(reader.deltas().isEmpty() ? complete.get() : true);
      assertThat(progress.kind()).isEqualTo(reader.kind());
      assertThat(progress.serial()).hasValue(reader.head().getSerial());
      if (complete.get()) {
        assertChangesLeadToTheHead(reader);
        return;
      }
    }
  }

  /** dnsjava follows pointers into the header, where no name is. */
  private static boolean isStricter(TransferProgress progress, byte[] bytes, boolean more)
      throws IOException {
    try {
      assertThat(progress.take(bytes)).as("more to come").isEqualTo(more);
      return false;
    } catch (IOException e) {
      assertThat(e).hasMessageMatching(".*is cut off( or broken)?");
      return true;
    }
  }

  /** Empty: not a message of a transfer, or one of which each reader makes something else. */
  private static Optional<Boolean> complete(TransferReader reader, byte[] bytes) {
    Optional<Message> message = MessageChecks.parse(bytes);
    boolean comparable =
        message.isPresent()
            && Wire.isResponse(bytes)
            && message.get().getRcode() == Rcode.NOERROR
            && !message.get().getSection(Section.ANSWER).isEmpty();
    try {
      return comparable ? Optional.of(reader.take(message.get())) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static void assertChangesLeadToTheHead(TransferReader reader) {
    if (!reader.deltas().isEmpty()) {
      Delta whole = Delta.condense(reader.deltas());
      assertThat(whole.to().getSerial()).isEqualTo(reader.head().getSerial());
      assertThat(whole.zone()).isEqualTo(Samples.ZONE);
    }
  }
}
