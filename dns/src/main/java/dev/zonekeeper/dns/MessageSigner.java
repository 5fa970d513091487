package dev.zonekeeper.dns;

import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.TSIGRecord;

/** Signs the bytes of a request, or of the messages of an answer in their order, with one key. */
final class MessageSigner {
  private final TSIG key;
  private TSIGRecord before;
  private boolean continuation;

  private MessageSigner(TSIG key, TSIGRecord before) {
    this.key = key;
    this.before = before;
  }

  static MessageSigner ofRequest(TSIG key) {
    return new MessageSigner(key, null);
  }

  /** For the answer to the request with that TSIG record. */
  static MessageSigner ofAnswer(TSIG key, TSIGRecord request) {
    return new MessageSigner(key, request);
  }

  /** The message with a TSIG record (RFC 8945 sections 5.3 and 5.3.1). */
  byte[] sign(byte[] message) {
    TSIGRecord tsig =
        key.generate(new Message(Wire.id(message)), message, Rcode.NOERROR, before, !continuation);
    before = tsig;
    continuation = true;
    byte[] record = tsig.toWire(Section.ADDITIONAL);
    byte[] signed =
        new ByteSink(message.length + record.length).bytes(message).bytes(record).toBytes();
    Wire.putU16(signed, Wire.ADDITIONAL_AT, Wire.u16(message, Wire.ADDITIONAL_AT) + 1);
    return signed;
  }
}
