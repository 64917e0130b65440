package dev.shakedown.trace;

import dev.shakedown.tls.crypto.X509;
import dev.shakedown.tls.wire.NamedGroup;

/** Causes that lie in what this client does not support: it can offer that, and see that the server would continue. */
final class UnsupportedByClient {
    private UnsupportedByClient() {}

    /** @param passing a handshake that offered signature schemes not supported by this client */
    static Cause scheme(Exchange passing) {
        var scheme = VersionScan.chosenScheme(passing);
        var key = CertificateChain.of(passing).leaf().map(leaf -> X509.describe(leaf.getPublicKey()));
        var what = scheme == 0 ? "in a way that was not offered" : "by " + IanaNames.scheme(scheme);
        return Cause.known("no common signature algorithm: the server's certificate"
                + key.map(name -> " has a key of " + name + ", and").orElse("") + " signs " + what
                + ", which this client does not support",
                "a certificate on the server that signs by one of those that were offered");
    }

    /** @param passing a handshake that offered groups not supported by this client */
    static Cause group(Exchange passing) {
        var group = VersionScan.chosenGroup(passing);
        if (group != 0 && NamedGroup.of(group) == null) {
            return Cause.known("no common group: the server takes " + IanaNames.group(group)
                    + ", which this client does not support, and none that was offered",
                    "another group on the server, such as x25519 or secp256r1");
        }
        // RFC 8422, 5.1: the curve of the certificate must be among the groups as well.
        var key = CertificateChain.of(passing).leaf().map(leaf -> X509.describe(leaf.getPublicKey()));
        return Cause.known(
                "the server continues only if a group that this client does not support is offered as well"
                        + key.map(name -> ": its certificate has a key of " + name).orElse(""),
                "a certificate on the server with a key of another kind");
    }
}
