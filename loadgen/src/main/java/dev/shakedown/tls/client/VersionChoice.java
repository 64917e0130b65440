package dev.shakedown.tls.client;

import dev.shakedown.tls.wire.AlertDescription;
import dev.shakedown.tls.wire.Extension;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.ProtocolVersion;
import dev.shakedown.tls.wire.ServerHello;
import java.util.stream.Collectors;

/** Which version a ServerHello chose (RFC 8446, 4.1.3 and 4.2.1). */
final class VersionChoice {
    private VersionChoice() {}

    /**
     * @param retried whether the server has asked for another ClientHello before
     * @throws Fault when it is none of those offered, or the server could have chosen a higher one
     */
    static ProtocolVersion of(ClientSettings settings, boolean retried, ServerHello hello) throws Fault {
        var id = hello.version();
        if (settings.offers(ProtocolVersion.TLS_1_3)) {
            id = hello.selectedVersion();
            if (id == ProtocolVersion.TLS_1_3.id()) {
                return ProtocolVersion.TLS_1_3;
            }
            if (retried) {
                throw new Fault(AlertDescription.ILLEGAL_PARAMETER, "the server chose " + ProtocolVersion.describe(id)
                        + " after its HelloRetryRequest of TLSv1.3");
            }
            if (hello.extension(Extension.SUPPORTED_VERSIONS) != null) {
                throw new Fault(AlertDescription.ILLEGAL_PARAMETER, "the server chose " + ProtocolVersion.describe(id)
                        + " in supported_versions, where only TLSv1.3 may be chosen");
            }
            if (hello.isDowngraded()) {
                throw new Fault(AlertDescription.ILLEGAL_PARAMETER, "the server chose " + ProtocolVersion.describe(id)
                        + ", but says by its random that it has a higher version: something on the way took that from"
                        + " the ClientHello");
            }
        }
        // RFC 8446, 4.1.3: a client of TLS 1.2 looks for the other of the two marks.
        if (settings.versions().getFirst() == ProtocolVersion.TLS_1_2 && id < ProtocolVersion.TLS_1_2.id()
                && hello.isDowngradedBelowTls12()) {
            throw new Fault(AlertDescription.ILLEGAL_PARAMETER, "the server chose " + ProtocolVersion.describe(id)
                    + ", but says by its random that it has TLSv1.2: something on the way took that from the ClientHello");
        }
        for (var version : settings.versions()) {
            if (version.id() == id) {
                return version;
            }
        }
        throw new Fault(AlertDescription.PROTOCOL_VERSION, "the server chose " + ProtocolVersion.describe(id)
                + ", where " + settings.versions().stream().map(ProtocolVersion::label)
                        .collect(Collectors.joining(" and "))
                + " was offered");
    }
}
