package dev.shakedown.tls.client;

import java.util.ArrayList;
import java.util.List;

/** The handshakes of scripted servers on real sockets. Every message has the same length in every handshake. */
public enum ScriptedTls {
    SSL3(Tls12Exchange.Kind.SSL3),
    SSL3_BY_ID(Tls12Exchange.Kind.SSL3_BY_ID),
    TLS10(Tls12Exchange.Kind.TLS10_RC4),
    TLS10_BY_TICKET(Tls12Exchange.Kind.TLS10_BY_TICKET),
    TLS11(Tls12Exchange.Kind.TLS11_NULL),
    TLS11_DHE(Tls12Exchange.Kind.TLS11_DHE_VERIFIED),
    TLS12_RSA(Tls12Exchange.Kind.RSA),
    TLS12_ECDHE(Tls12Exchange.Kind.ECDHE_RSA),
    TLS12_DHE(Tls12Exchange.Kind.DHE),
    /** The server requests a certificate, and the client has one. */
    TLS12_ASKED(Tls12Exchange.Kind.ECDHE_RSA),
    TLS12_DEFLATED(Tls12Exchange.Kind.DEFLATED),
    TLS12_BY_ID(Tls12Exchange.Kind.BY_ID),
    TLS12_BY_TICKET(Tls12Exchange.Kind.BY_TICKET),
    TLS13(Tls13Exchange.Kind.FULL),
    TLS13_ASKED(Tls13Exchange.Kind.ASKED),
    TLS13_RETRIED(Tls13Exchange.Kind.RETRIED),
    TLS13_RESUMED(Tls13Exchange.Kind.RESUMED);

    /** How many bytes of the server belong to one stage: those of the message that a client awaits there. */
    public record Part(String stage, int bytes) {}

    /** The length of a ChangeCipherSpec record, in bytes. */
    private static final int CHANGE = 6;

    /** One of the two is {@code null}. */
    final Tls12Exchange.Kind old;
    final Tls13Exchange.Kind tls13;

    ScriptedTls(Tls12Exchange.Kind kind) {
        this.old = kind;
        this.tls13 = null;
    }

    ScriptedTls(Tls13Exchange.Kind kind) {
        this.old = null;
        this.tls13 = kind;
    }

    /** Returns a matching client's settings. */
    public ClientSettings settings() {
        if (tls13 != null) {
            return tls13.settings();
        }
        return asks() ? ChangedSettings.with(old.settings(), TestIdentity.RSA.client()) : old.settings();
    }

    /** Whether handshakes resume an earlier one's session. */
    public boolean resumes() {
        return tls13 == null ? old.resumes() : tls13.resumes();
    }

    boolean asks() {
        return this == TLS12_ASKED;
    }

    /** Returns the stages at which a client awaits each of the server's steps. */
    public List<String> stages() {
        return (tls13 == null ? old.steps().stream().map(old::stage) : tls13.steps().stream().map(tls13::stage))
                .filter(stage -> stage != Stage.POST_FINISHED).map(Stage::label).toList();
    }

    /** Returns what the server sends until a client is done, in order. */
    public List<Part> parts() {
        var parts = new ArrayList<Part>();
        if (tls13 == null) {
            new Tls12Exchange(old).exchange((step, server) -> measured(parts, old.stage(step), server,
                    () -> step(server, step)));
        } else {
            var exchange = new Tls13Exchange(tls13);
            exchange.server.identity = TestIdentity.RSA;
            exchange.exchange((step, server) -> measured(parts, tls13.stage(step), server, () -> server.honest(step)));
            if (tls13.retries()) {
                // A ChangeCipherSpec immediately follows the HelloRetryRequest.
                parts.set(0, new Part(parts.getFirst().stage, parts.getFirst().bytes - CHANGE));
                parts.add(1, new Part(Stage.HELLO_RETRY.label(), CHANGE));
            }
        }
        parts.removeIf(part -> part.stage.equals(Stage.POST_FINISHED.label()));
        return parts;
    }

    private static void measured(List<Part> parts, Stage stage, ScriptedPeer<?> server, Runnable step) {
        var before = server.bytesGiven();
        step.run();
        parts.add(new Part(stage.label(), (int) (server.bytesGiven() - before)));
    }

    void step(ScriptedServer server, ScriptedServer.Step step) {
        if (step == ScriptedServer.Step.SERVER_HELLO_DONE && asks()) {
            server.askForCertificate();
        }
        server.honest(step);
    }
}
