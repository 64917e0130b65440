package dev.shakedown.tls.client;

import dev.shakedown.tls.wire.AlertDescription;
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
        var id = settings.offers(ProtocolVersion.TLS_1_3) ? hello.selectedVersion() : hello.version();
        for (var version : settings.versions()) {
            if (version.id() == id) {
                if (retried && version != ProtocolVersion.TLS_1_3) {
                    throw new Fault(AlertDescription.ILLEGAL_PARAMETER, "the server chose " + version.label()
                            + " after its HelloRetryRequest of TLSv1.3");
                }
                if (version == ProtocolVersion.TLS_1_2 && settings.offers(ProtocolVersion.TLS_1_3)
                        && hello.isDowngraded()) {
                    throw new Fault(AlertDescription.ILLEGAL_PARAMETER,
                            "the server chose TLSv1.2, but says by its random"
                                    + " that it has TLSv1.3: something on the way took that from the ClientHello");
                }
                return version;
            }
        }
        throw new Fault(AlertDescription.PROTOCOL_VERSION, "the server chose " + ProtocolVersion.describe(id)
                + ", where " + settings.versions().stream().map(ProtocolVersion::label)
                        .collect(Collectors.joining(" and "))
                + " was offered");
    }
}
