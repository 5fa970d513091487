# Sends one UPDATE with dnspython and prints its answer. What to send comes as JSON on standard input.
import json
import sys

import dns.edns
import dns.query
import dns.rcode
import dns.tsigkeyring
import dns.update

order = json.load(sys.stdin)
update = dns.update.Update(order["zone"])
update.use_edns(0, payload=1232)
if order["key"]:
    ring = dns.tsigkeyring.from_text({order["key"]: (order["algorithm"], order["secret"])})
    update.use_tsig(ring, algorithm=order["algorithm"])
for step in order["steps"]:
    getattr(update, step[0])(*step[1:])
send = dns.query.tcp if order["tcp"] else dns.query.udp
try:
    answer = send(update, order["host"], port=order["port"], timeout=15)
    print("status:", dns.rcode.to_text(answer.rcode()))
    print("signed:", answer.had_tsig)
    for option in answer.options:
        if option.otype == dns.edns.EDE:
            print("EDE:", int(option.code), option.text)
except dns.tsig.PeerBadKey:
    print("status: NOTAUTH BADKEY")
except dns.tsig.PeerBadSignature:
    print("status: NOTAUTH BADSIG")
