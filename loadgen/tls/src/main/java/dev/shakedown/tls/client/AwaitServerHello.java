package dev.shakedown.tls.client;

import dev.shakedown.tls.client.Offered.OfTls13;
import dev.shakedown.tls.client.Offered.Resumption;
import dev.shakedown.tls.crypto.KeyShare;
import dev.shakedown.tls.crypto.RecordProtection;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.Message;
import dev.shakedown.tls.wire.ProtocolVersion;
import dev.shakedown.tls.wire.ServerHello;
import dev.shakedown.tls.wire.Violation;
import io.netty.buffer.Unpooled;
import java.util.Optional;

/**
 * Awaits the ServerHello, which chooses the version. Early data and HelloRetryRequest, which come before it, are
 * handled here, and what follows it in {@link Tls12Handshake} or {@link Tls13Handshake}.
 *
 * @param offered the last ClientHello
 * @param retry   what the HelloRetryRequest asked for, if this is the second ClientHello
 */
record AwaitServerHello(Endpoint end, Offered offered, Optional<RetryRequest> retry) implements ClientState.Awaiting {
    /**
     * Creates the first ClientHello, which announces {@code earlyData} bytes of early data if the session allows that
     * many.
     */
    static AwaitServerHello first(Endpoint end, Optional<Session> session, int earlyData) {
        end.flight().begin();
        var memory = end.memory();
        var offer = memory.offer();
        var share = offer.hasShare()
                ? Optional.of(memory.keyShare(end.settings().groups().getFirst()))
                : Optional.<KeyShare>empty();
        var offered = offer.first(share, Resumption.of(session, end.primitives()), earlyData, end.primitives(),
                end.nowNanos());
        return new AwaitServerHello(end, offered, Optional.empty());
    }

    /** Sends the ClientHello, followed by early data if it announces any. */
    void send(byte[] data) {
        var flight = end.flight();
        writeHello();
        if (offered.announcesEarlyData() && offered.resumption() instanceof OfTls13(var session, var early)) {
            flight.changeCipherSpec();
            var suite = session.suite();
            var traffic = early.clientTraffic(end.primitives(),
                    end.transcript().hashWith(suite.prfHash(), Unpooled.EMPTY_BUFFER));
            flight.disclose("CLIENT_EARLY_TRAFFIC_SECRET", traffic.bytes());
            flight.protect(RecordProtection.withInnerType(end.primitives(), suite,
                    traffic.keys(end.primitives(), suite.bulk())));
            flight.write(data);
        }
        flight.send(Progress.HELLO_SENT);
    }

    @Override
    public Stage stage() {
        return retry.isPresent() ? Stage.HELLO_RETRY : Stage.SERVER_HELLO;
    }

    @Override
    public Optional<HandshakeParameters> parameters() {
        return Optional.empty();
    }

    @Override
    public EarlyData earlyData() {
        return offered.earlyData();
    }

    @Override
    public int due() {
        return ServerHello.TYPE;
    }

    @Override
    public boolean ignoresHelloRequests() {
        return retry.isEmpty() && end.settings().offersUpToTls12();
    }

    @Override
    public ClientState on(Message message) throws Fault {
        if (!(message instanceof ServerHello hello)) {
            throw unexpected(message);
        }
        if (end.settings().offers(ProtocolVersion.TLS_1_3) && hello.isRetryRequest()) {
            if (retry.isPresent()) {
                throw new Fault(Violation.SECOND_HELLO_RETRY_REQUEST);
            }
            return sendAgain(hello);
        }
        var version = VersionChoice.of(end.settings(), retry.isPresent(), hello);
        if (version == ProtocolVersion.TLS_1_3) {
            return Tls13Handshake.begin(end, offered, retry, hello);
        }
        if (offered.announcesEarlyData()) {
            // RFC 8446, D.3
            throw new Fault(Violation.OLD_VERSION_FOR_EARLY_DATA, version.label());
        }
        return Tls12Handshake.begin(end, offered, version, hello);
    }

    /** Sends the second ClientHello, as the server asks (RFC 8446, 4.1.4). */
    private ClientState sendAgain(ServerHello hello) throws Fault {
        end.requireEndOfFlight(ignoresHelloRequests());
        VersionChoice.of(end.settings(), true, hello);
        var request = Tls13Answer.retry(end.settings(), offered, hello);
        end.transcript().beginRetried(request.suite().prfHash());
        var flight = end.flight();
        flight.unprotect();
        flight.changeCipherSpec();
        var again = end.memory().offer().again(offered, request,
                request.group().map(end.memory()::keyShare).or(offered::share), end.nowNanos());
        var next = new AwaitServerHello(end, again, Optional.of(request));
        next.writeHello();
        flight.send(null);
        end.reached(Progress.HELLO_RETRY_REQUEST);
        return next;
    }

    private void writeHello() {
        if (offered.resumption() instanceof OfTls13(_, var early)) {
            end.flight().writeBound(offered.hello(), early);
        } else {
            end.flight().write(offered.hello());
        }
    }
}
