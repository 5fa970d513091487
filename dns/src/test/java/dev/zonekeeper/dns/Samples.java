package dev.zonekeeper.dns;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;
import org.xbill.DNS.Update;

/** Names, keys, records and messages that several tests use. */
final class Samples {
  static final Name ZONE = Name.fromConstantString("example.com.");
  static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  static final Clock AT_NOON = Clock.fixed(NOON, ZoneOffset.UTC);
  static final TsigKey KEY = key("update-key.");
  static final KeyRing KEYS = KeyRing.of(List.of(KEY));

  private Samples() {}

  static Name name(String text) {
    return Name.fromConstantString(text);
  }

  static TsigKey key(String name) {
    return new TsigKey(
        name(name),
        "hmac-sha256",
        "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8));
  }

  static TXTRecord txt(String owner, long ttl, String text) {
    return new TXTRecord(name(owner), DClass.IN, ttl, text);
  }

  static SOARecord soa(long serial) {
    return new SOARecord(
        ZONE,
        DClass.IN,
        300,
        name("ns.example.com."),
        name("hostmaster.example.com."),
        serial,
        3600,
        600,
        86400,
        60);
  }

  static Message query(String name, int type) {
    return Message.newQuery(Record.newRecord(name(name), type, DClass.IN));
  }

  static Update update() {
    Update update = new Update(ZONE);
    update.add(txt("a.example.com.", 300, "hello"));
    return update;
  }

  static Message soaQuery() {
    return query("example.com.", Type.SOA);
  }

  static Message ixfrQuery(long serial) {
    Message query = query("example.com.", Type.IXFR);
    query.getHeader().unsetFlag(Flags.RD);
    query.addRecord(soa(serial), Section.AUTHORITY);
    return query;
  }
}
