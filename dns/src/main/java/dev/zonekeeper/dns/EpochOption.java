package dev.zonekeeper.dns;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Message;

/**
 * Who says something, and of which epoch: an EDNS option of the local range (RFC 6891 section 9).
 * Eight octets of epoch, then member and incarnation, each after one octet with its length.
 *
 * @param epoch 0 where none is meant
 */
record EpochOption(long epoch, Sender sender) {
  private static final EpochOption ABSENT = new EpochOption(0, Sender.NOBODY);

  /** The option with its code and length. */
  byte[] toBytes() {
    byte[] member = octets(sender.member());
    byte[] incarnation = octets(sender.incarnation());
    int length = 8 + 1 + member.length + 1 + incarnation.length;
    return new ByteSink(4 + length)
        .u16(PeerCodec.OPTION)
        .u16(length)
        .u64(epoch)
        .bytes(new byte[] {(byte) member.length})
        .bytes(member)
        .bytes(new byte[] {(byte) incarnation.length})
        .bytes(incarnation)
        .toBytes();
  }

  /** That of a message; epoch 0 and nobody if it has none. */
  static EpochOption in(Message message) throws BadPeerMessage {
    if (message.getOPT() == null || message.getOPT().getOptions(PeerCodec.OPTION).isEmpty()) {
      return ABSENT;
    }
    EDNSOption option = message.getOPT().getOptions(PeerCodec.OPTION).getFirst();
    ByteBuffer data = ByteBuffer.wrap(option.toWire()).position(4);
    try {
      return new EpochOption(data.getLong(), new Sender(text(data), text(data)));
    } catch (BufferUnderflowException e) {
      throw new BadPeerMessage("the option with the epoch is broken", e);
    }
  }

  private static byte[] octets(String text) {
    byte[] octets = text.getBytes(StandardCharsets.UTF_8);
    if (octets.length > 255) {
      throw new IllegalArgumentException("longer than 255 octets: " + text);
    }
    return octets;
  }

  private static String text(ByteBuffer data) {
    byte[] octets = new byte[data.get() & 0xFF];
    data.get(octets);
    return new String(octets, StandardCharsets.UTF_8);
  }
}
