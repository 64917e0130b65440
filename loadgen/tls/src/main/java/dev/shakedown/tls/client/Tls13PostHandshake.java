package dev.shakedown.tls.client;

import dev.shakedown.tls.client.ClientState.PostHandshake;
import dev.shakedown.tls.crypto.KeySchedule.HandshakeSecret;
import dev.shakedown.tls.crypto.KeySchedule.MainSecret;
import dev.shakedown.tls.crypto.KeySchedule.ResumptionSecret;
import dev.shakedown.tls.crypto.KeySchedule.TrafficSecret;
import dev.shakedown.tls.crypto.RecordProtection;
import dev.shakedown.tls.wire.Extension;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.HandshakeMessage;
import dev.shakedown.tls.wire.Tls13Message;
import dev.shakedown.tls.wire.Tls13Message.KeyUpdate;
import org.jspecify.annotations.Nullable;

/**
 * TLS 1.3 after the server's Finished: application keys, tickets and key updates (RFC 8446, 4.6 and 7.1). Each secret
 * is derived when it is first needed, since most connections of a load test need none; {@code null} until then.
 */
final class Tls13PostHandshake implements PostHandshake {
    /** The maximum lifetime of a ticket, in seconds (RFC 8446, 4.6.1). */
    private static final long WEEK = 7 * 86_400;

    private final Endpoint end;
    private final HandshakeParameters settled;
    private final HandshakeSecret secret;
    /** The hash of ClientHello to the server's Finished. */
    private final byte[] finishedHash;
    private @Nullable MainSecret main;
    private @Nullable TrafficSecret client;
    private @Nullable TrafficSecret server;
    private @Nullable ResumptionSecret resumption;
    /**
     * Whether the server has asked the client to update its keys; one update before the next data answers all requests.
     */
    private boolean updateRequested;

    Tls13PostHandshake(Endpoint end, HandshakeParameters settled, HandshakeSecret secret, byte[] finishedHash) {
        this.end = end;
        this.settled = settled;
        this.secret = secret;
        this.finishedHash = finishedHash;
    }

    @Override
    public boolean awaits(int type) {
        return type == Tls13Message.NewSessionTicket.TYPE || type == KeyUpdate.TYPE;
    }

    @Override
    public void take(HandshakeMessage message) throws Fault {
        switch (message) {
            case Tls13Message.NewSessionTicket ticket -> take(ticket);
            case KeyUpdate update -> {
                server = server().updated(end.primitives());
                end.readUnder(protection(server));
                updateRequested |= update.requested();
            }
            // stageOf has refused all other types
            default -> throw new IllegalStateException(message.label());
        }
    }

    private void take(Tls13Message.NewSessionTicket ticket) throws Fault {
        Tls13Answer.checkTicket(ticket.extensions());
        if (ticket.lifetimeSeconds() == 0) {
            end.unusable(UnusableTicket.NO_LIFETIME);
        } else if (!end.memory().offer().canCarry(ticket.ticket().length)) {
            end.unusable(UnusableTicket.TOO_LARGE);
        } else if (end.settings().tickets()) {
            var allowed = ticket.extension(Extension.EARLY_DATA);
            if (resumption == null) {
                resumption = main().resumption(end.primitives(), end.transcript().hash());
            }
            var nowNanos = end.nowNanos();
            end.gained(new Session.Tls13(ticket.ticket(), settled.protocol(), settled.suite(),
                    resumption.ticket(end.primitives(), ticket.nonce()), ticket.ageAdd(), nowNanos,
                    nowNanos + Math.min(ticket.lifetimeSeconds(), WEEK) * 1_000_000_000,
                    allowed == null ? 0 : allowed.maxEarlyData()));
        }
        end.reached(Progress.TICKET);
    }

    @Override
    public void beforeData() {
        if (updateRequested) {
            updateRequested = false;
            end.flight().writePostHandshake(new KeyUpdate(false));
            var updated = client().updated(end.primitives());
            end.flight().protect(protection(updated));
            client = updated;
        }
    }

    RecordProtection fromServer() {
        return protection(server());
    }

    RecordProtection fromClient() {
        return protection(client());
    }

    /** Passes the secrets to the observer. */
    void disclose() {
        if (end.flight().isWatched()) {
            end.flight().disclose("CLIENT_TRAFFIC_SECRET_0", client().bytes());
            end.flight().disclose("SERVER_TRAFFIC_SECRET_0", server().bytes());
        }
    }

    private MainSecret main() {
        if (main == null) {
            main = secret.main(end.primitives());
        }
        return main;
    }

    private TrafficSecret client() {
        if (client == null) {
            client = main().clientTraffic(end.primitives(), finishedHash);
        }
        return client;
    }

    private TrafficSecret server() {
        if (server == null) {
            server = main().serverTraffic(end.primitives(), finishedHash);
        }
        return server;
    }

    private RecordProtection protection(TrafficSecret traffic) {
        var suite = settled.suite();
        return RecordProtection.withInnerType(end.primitives(), suite, traffic.keys(end.primitives(), suite.bulk()));
    }
}
