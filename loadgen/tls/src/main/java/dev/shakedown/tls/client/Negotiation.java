package dev.shakedown.tls.client;

import dev.shakedown.tls.client.HelloOffer.Offered;
import dev.shakedown.tls.crypto.RecordProtection;
import dev.shakedown.tls.crypto.Transcript;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.ProtocolVersion;
import dev.shakedown.tls.wire.ServerHello;
import dev.shakedown.tls.wire.Violation;
import io.netty.buffer.Unpooled;

/** What comes before a version is agreed on: ClientHello and its early data, HelloRetryRequest, the server's choice. */
final class Negotiation {
    private final ClientMemory memory;
    private final Transcript transcript;
    private final Flight flight;
    private Offered offered;
    private EarlyData earlyData = EarlyData.NOT_OFFERED;
    private Tls13Answer.Retry retry;

    Negotiation(ClientMemory memory, Transcript transcript, Flight flight) {
        this.memory = memory;
        this.transcript = transcript;
        this.flight = flight;
    }

    /** Sends the ClientHello, and early data behind it if the session allows so much. */
    void start(Session session, byte[] data, long nowNanos) {
        flight.begin();
        var offer = memory.offer();
        offered = offer.first(offer.hasShare() ? memory.keyShare(memory.settings().groups().getFirst()) : null, session,
                data.length, memory.primitives(), nowNanos);
        writeHello();
        if (offered.earlyData()) {
            earlyData = EarlyData.UNANSWERED;
            flight.changeCipherSpec();
            var suite = offered.tls13Session().suite();
            var traffic = offered.early().clientTraffic(memory.primitives(),
                    transcript.hashWith(suite.prfHash(), Unpooled.EMPTY_BUFFER));
            flight.disclose("CLIENT_EARLY_TRAFFIC_SECRET", traffic.bytes());
            flight.protect(RecordProtection.withInnerType(memory.primitives(), suite,
                    traffic.keys(memory.primitives(), suite.bulk())));
            flight.write(data);
        }
        flight.send(Progress.HELLO_SENT);
    }

    /** Sends the ClientHello that the server asks for (RFC 8446, 4.1.4). */
    void retry(ServerHello request, long nowNanos) throws Fault {
        VersionChoice.of(memory.settings(), true, request);
        retry = Tls13Answer.retry(memory.settings(), offered, request);
        transcript.beginRetried(retry.suite().prfHash());
        if (offered.earlyData()) {
            earlyData = EarlyData.REJECTED;
        }
        flight.unprotect();
        flight.changeCipherSpec();
        offered = memory.offer().again(offered, retry,
                retry.group() == null ? offered.share() : memory.keyShare(retry.group()), nowNanos);
        writeHello();
        flight.send(null);
    }

    /** Whether the server asked for another ClientHello. */
    boolean retried() {
        return retry != null;
    }

    /** Takes the server's answer; from here on {@code connection} goes the way of the version it chose. */
    VersionedHandshake agreeOn(ServerHello hello, ClientHandshake connection) throws Fault {
        var version = VersionChoice.of(memory.settings(), retried(), hello);
        if (version == ProtocolVersion.TLS_1_3) {
            var answer = Tls13Answer.of(memory.settings(), offered, retry, hello);
            if (!retried()) {
                transcript.begin(answer.suite().prfHash());
            }
            return new Tls13Handshake(connection, memory, transcript, flight, offered, answer);
        }
        if (offered.earlyData()) {
            // RFC 8446, D.3
            throw new Fault(Violation.OLD_VERSION_FOR_EARLY_DATA, version.label());
        }
        var answer = Tls12Answer.of(memory.settings(), version, offered.hello(), offered.tls12Session(), hello);
        transcript.begin(answer.prfHash());
        flight.unprotect(version);
        return new Tls12Handshake(connection, memory, transcript, flight, offered.hello(), hello,
                offered.tls12Session(), answer);
    }

    /** The server has said whether it takes the early data. */
    void earlyDataAnswered(boolean taken) {
        if (earlyData == EarlyData.UNANSWERED) {
            earlyData = taken ? EarlyData.ACCEPTED : EarlyData.REJECTED;
        }
    }

    EarlyData earlyData() {
        return earlyData;
    }

    private void writeHello() {
        if (offered.early() != null) {
            flight.writeBound(offered.hello(), offered.early());
        } else {
            flight.write(offered.hello());
        }
    }
}
