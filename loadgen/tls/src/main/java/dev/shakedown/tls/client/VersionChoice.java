package dev.shakedown.tls.client;

import dev.shakedown.tls.wire.Extension;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.ProtocolVersion;
import dev.shakedown.tls.wire.ServerHello;
import dev.shakedown.tls.wire.Violation;
import java.util.stream.Collectors;

/** Determines the version that a ServerHello chose (RFC 8446, 4.1.3 and 4.2.1). */
final class VersionChoice {
    private VersionChoice() {}

    /**
     * @param retried whether the server has sent a HelloRetryRequest before
     * @throws Fault if it was not offered, or the server could have chosen a higher one
     */
    static ProtocolVersion of(ClientSettings settings, boolean retried, ServerHello hello) throws Fault {
        var id = hello.version();
        if (settings.offers(ProtocolVersion.TLS_1_3)) {
            id = hello.selectedVersion();
            if (id == ProtocolVersion.TLS_1_3.id()) {
                return ProtocolVersion.TLS_1_3;
            }
            if (retried) {
                throw new Fault(Violation.OLD_VERSION_AFTER_RETRY, ProtocolVersion.describe(id));
            }
            if (hello.extension(Extension.SUPPORTED_VERSIONS) != null) {
                throw new Fault(Violation.OLD_VERSION_IN_SUPPORTED_VERSIONS, ProtocolVersion.describe(id));
            }
            if (hello.isDowngraded()) {
                throw new Fault(Violation.DOWNGRADED, ProtocolVersion.describe(id));
            }
        }
        // RFC 8446, 4.1.3: a TLS 1.2 client checks the other of the two sentinel values.
        if (settings.versions().getFirst() == ProtocolVersion.TLS_1_2 && id < ProtocolVersion.TLS_1_2.id()
                && hello.isDowngradedBelowTls12()) {
            throw new Fault(Violation.DOWNGRADED_BELOW_TLS12, ProtocolVersion.describe(id));
        }
        for (var version : settings.versions()) {
            if (version.id() == id) {
                return version;
            }
        }
        throw new Fault(Violation.VERSION_NOT_OFFERED, ProtocolVersion.describe(id),
                settings.versions().stream().map(ProtocolVersion::label).collect(Collectors.joining(" and ")));
    }
}
