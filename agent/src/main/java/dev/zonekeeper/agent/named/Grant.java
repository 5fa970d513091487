package dev.zonekeeper.agent.named;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.xbill.DNS.Name;

/**
 * What a key may change in a zone; one line of BIND's {@code update-policy}: {@code grant KEY
 * RULE;}. The key may be a TSIG key, the signer of SIG(0) messages or a Kerberos principal's name.
 *
 * @param key the identity that signs the update
 * @param rule rule type, name where the type takes one, and record types, such as {@code zonesub
 *     ANY} or {@code subdomain dyn.example.com. A AAAA}; letters, digits and {@code . _ - * / @ =
 *     +} only, no start of a comment: it cannot end the statement it is written into
 */
public record Grant(Name key, String rule) {
  private static final Pattern RULE =
      Pattern.compile("(?!.*/[*/])[A-Za-z0-9][A-Za-z0-9._*/@=+ -]*");

  /** The rule types of BIND 9.18 and 9.20. */
  private static final Set<String> TYPES =
      Set.of(
          "6to4-self",
          "external",
          "krb5-self",
          "krb5-selfsub",
          "krb5-subdomain",
          "krb5-subdomain-self-rhs",
          "ms-self",
          "ms-selfsub",
          "ms-subdomain",
          "ms-subdomain-self-rhs",
          "name",
          "self",
          "selfsub",
          "selfwild",
          "subdomain",
          "tcp-self",
          "wildcard",
          "zonesub");

  public Grant {
    rule = rule.strip();
    String type = rule.split(" ", 2)[0].toLowerCase(Locale.ROOT);
    if (!TYPES.contains(type) || !RULE.matcher(rule).matches()) {
      throw new IllegalArgumentException(
          "grant for key %s: '%s' is not an update-policy rule; expected a rule type (%s), a name where it takes one, and record types, such as 'zonesub ANY'"
              .formatted(key, rule, String.join(", ", TYPES.stream().sorted().toList())));
    }
  }
}
