package dev.shakedown.load;

import dev.shakedown.conversation.Conversation;
import dev.shakedown.conversation.Notes.Request;
import dev.shakedown.results.Mark;
import dev.shakedown.results.HandshakeTraits;
import dev.shakedown.results.HandshakeTraits.ClientCertificate;
import dev.shakedown.results.HandshakeTraits.ServerCertificate;
import dev.shakedown.results.HandshakeTraits.ServerName;
import dev.shakedown.results.Outcome;
import dev.shakedown.results.Outcome.Negotiated;
import dev.shakedown.results.Sample;
import dev.shakedown.results.Sample.Resumption;
import dev.shakedown.results.Sample.Tickets;
import dev.shakedown.tls.client.ClientHandshake;
import dev.shakedown.tls.client.CertificateSummary;
import dev.shakedown.tls.wire.Compression;
import dev.shakedown.tls.wire.ProtocolVersion;
import java.time.Instant;
import java.util.IdentityHashMap;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Creates the samples of one worker's conversations, which share equal objects. Not thread-safe. */
final class Samples {
    /** Beyond this many certificates, the summaries are discarded and created again. */
    private static final int MOST_CERTIFICATES = 1000;

    private @Nullable Negotiated negotiated;
    private HandshakeTraits lastTraits = HandshakeTraits.NOTHING;
    /** Summaries of certificates for the results; each certificate is one object. */
    private final IdentityHashMap<CertificateSummary, Optional<ServerCertificate>> summaries = new IdentityHashMap<>();

    /**
     * Returns the sample of a conversation that has ended.
     *
     * @param offered whether a session was offered
     */
    Sample of(Outcome outcome, Worker.Arrival arrival, boolean offered, Conversation conversation) {
        return new Sample(outcome, arrival.asked, resumption(offered, conversation.handshake()),
                earlyData(conversation), tickets(arrival, conversation), traits(outcome, conversation),
                conversation.notes().marks(), conversation.notes().bytesSent(), conversation.notes().bytesReceived());
    }

    /** Returns what was negotiated. */
    Negotiated negotiated(ClientHandshake handshake) {
        var version = Objects.requireNonNull(handshake.version()).label();
        var suite = Objects.requireNonNull(handshake.suite()).name();
        var group = handshake.groupLabel();
        var method = handshake.compression();
        var compression = method == null || method == Compression.NULL ? null : method.label();
        if (negotiated == null || !version.equals(negotiated.version()) || !suite.equals(negotiated.cipherSuite())
                || !Objects.equals(group, negotiated.group())
                || !Objects.equals(compression, negotiated.compression())) {
            negotiated = new Negotiated(version, suite, group, compression);
        }
        return negotiated;
    }

    /** Whether the last completed handshake was one of TLS 1.3. */
    boolean areOfTls13() {
        return negotiated != null && negotiated.version().equals(ProtocolVersion.TLS_1_3.label());
    }

    /** Returns whether a session was offered, and what the server answered. */
    static Resumption resumption(boolean offered, ClientHandshake handshake) {
        if (!offered || !handshake.answered()) {
            return offered ? Resumption.UNANSWERED : Resumption.NOT_OFFERED;
        }
        return handshake.resumed() ? Resumption.ACCEPTED : Resumption.DECLINED;
    }

    private static Sample.EarlyData earlyData(Conversation conversation) {
        return switch (conversation.handshake().earlyData()) {
            case NOT_OFFERED -> Sample.EarlyData.NOT_OFFERED;
            case UNANSWERED -> Sample.EarlyData.UNANSWERED;
            case ACCEPTED -> Sample.EarlyData.ACCEPTED;
            case REJECTED -> conversation.notes().hasRequested()
                    ? Sample.EarlyData.RETRIED
                    : Sample.EarlyData.REJECTED;
        };
    }

    private static Tickets tickets(Worker.Arrival arrival, Conversation conversation) {
        if (!arrival.hasAwaitedTicket()) {
            return Tickets.NOT_AWAITED;
        }
        if (conversation.notes().gained() == 0 && !conversation.notes().reached(Mark.TICKET)) {
            return Tickets.MISSING;
        }
        return conversation.notes().request() == Request.SENT ? Tickets.CAME_AFTER_REQUEST : Tickets.CAME;
    }

    private HandshakeTraits traits(Outcome outcome, Conversation conversation) {
        if (!(outcome instanceof Outcome.Completed)) {
            return HandshakeTraits.NOTHING;
        }
        var handshake = conversation.handshake();
        var certificate = conversation.plan().memory().holdsCertificate() && !handshake.resumed()
                ? ClientCertificate.valueOf(handshake.certificateUse().name())
                : ClientCertificate.NOT_HELD;
        var name = handshake.bearsName().map(bears -> bears ? ServerName.BORNE : ServerName.NOT_BORNE)
                .orElse(ServerName.NOT_CHECKED);
        var traits = new HandshakeTraits(conversation.notes().hasEarlyTicket(),
                conversation.notes().ticketsWithoutLifetime(),
                conversation.notes().ticketsTooLarge(), certificate, handshake.protocol(), name,
                handshake.certificate().flatMap(this::described), handshake.serverHasHigherVersion());
        if (!traits.equals(lastTraits)) {
            lastTraits = traits;
        }
        return lastTraits;
    }

    private Optional<ServerCertificate> described(CertificateSummary certificate) {
        if (summaries.size() > MOST_CERTIFICATES) {
            summaries.clear();
        }
        return summaries.computeIfAbsent(certificate, each -> Optional.of(new ServerCertificate(each.key(),
                each.name(), Instant.ofEpochMilli(each.notAfter()).toString())));
    }
}
