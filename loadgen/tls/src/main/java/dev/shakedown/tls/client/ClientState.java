package dev.shakedown.tls.client;

import dev.shakedown.tls.wire.CipherSuite.KeyExchange;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.HandshakeMessage.Certificate;
import dev.shakedown.tls.wire.HandshakeMessage.CertificateRequest;
import dev.shakedown.tls.wire.HandshakeMessage.Finished;
import dev.shakedown.tls.wire.HandshakeMessage.NewSessionTicket;
import dev.shakedown.tls.wire.HandshakeMessage.ServerHelloDone;
import dev.shakedown.tls.wire.HandshakeMessage.ServerKeyExchange;
import dev.shakedown.tls.wire.Message;
import dev.shakedown.tls.wire.ServerHello;
import dev.shakedown.tls.wire.Tls13Message;
import dev.shakedown.tls.wire.Tls13Message.CertificateVerify;
import dev.shakedown.tls.wire.Tls13Message.EncryptedExtensions;
import dev.shakedown.tls.wire.Violation;

/**
 * Where a handshake stands, named for the message it awaits. Taking a message gives the next state (RFC 5246, 7.3;
 * RFC 8446, 2).
 *
 * <pre>
 * to 1.2   full:   ServerHello Certificate ServerKeyExchange? CertificateRequest? ServerHelloDone
 *                  NewSessionTicket? ChangeCipherSpec Finished
 *         resumed: ServerHello NewSessionTicket? ChangeCipherSpec Finished
 * TLS 1.3 full:    HelloRetryRequest? ServerHello EncryptedExtensions CertificateRequest? Certificate
 *                  CertificateVerify Finished
 *         resumed: HelloRetryRequest? ServerHello EncryptedExtensions Finished
 * </pre>
 */
public sealed interface ClientState {
    /** Where a failure in this state is said to have happened. */
    Stage stage();

    /** No handshake message at all. */
    int NONE = -1;

    /** The type of the handshake message that is due, or {@link #NONE}. */
    default int due() {
        return NONE;
    }

    /** Whether a CertificateRequest may come now. */
    default boolean mayBeAsked() {
        return false;
    }

    /**
     * Takes the next message.
     *
     * @throws Fault when it is not one that may come now, or its content breaks a rule
     */
    ClientState on(Message message) throws Fault;

    /** ClientHello is out; {@code retried} if it is the second one. */
    record AwaitServerHello(ClientHandshake connection, boolean retried) implements ClientState {
        @Override
        public Stage stage() {
            return retried ? Stage.HELLO_RETRY : Stage.SERVER_HELLO;
        }

        @Override
        public int due() {
            return ServerHello.TYPE;
        }

        @Override
        public ClientState on(Message message) throws Fault {
            if (!(message instanceof ServerHello hello)) {
                throw unexpected(message, "ServerHello");
            }
            if (connection.isRetryRequest(hello)) {
                if (retried) {
                    throw new Fault(Violation.SECOND_HELLO_RETRY_REQUEST);
                }
                connection.retry(hello);
                return new AwaitServerHello(connection, true);
            }
            return switch (connection.agreeOn(hello)) {
                case Tls12Handshake handshake when handshake.resumed() -> {
                    handshake.deriveResumedKeys();
                    yield awaitChange(handshake);
                }
                case Tls12Handshake handshake -> new AwaitCertificate(handshake);
                case Tls13Handshake handshake -> {
                    handshake.deriveHandshakeKeys();
                    yield new AwaitEncryptedExtensions(handshake);
                }
            };
        }
    }

    /** The server did not take up a session. */
    record AwaitCertificate(Tls12Handshake handshake) implements ClientState {
        @Override
        public Stage stage() {
            return Stage.CERTIFICATE;
        }

        @Override
        public int due() {
            return Certificate.TYPE;
        }

        @Override
        public ClientState on(Message message) throws Fault {
            if (!(message instanceof Certificate certificate)) {
                throw unexpected(message, "Certificate");
            }
            handshake.meetServer(certificate);
            return handshake.agreed().suite().keyExchange() == KeyExchange.RSA
                    ? new AwaitServerHelloDone(handshake, null)
                    : new AwaitServerKeyExchange(handshake);
        }
    }

    /** Only for ephemeral key exchange. */
    record AwaitServerKeyExchange(Tls12Handshake handshake) implements ClientState {
        @Override
        public Stage stage() {
            return Stage.SERVER_KEY_EXCHANGE;
        }

        @Override
        public int due() {
            return ServerKeyExchange.TYPE;
        }

        @Override
        public ClientState on(Message message) throws Fault {
            if (!(message instanceof ServerKeyExchange keyExchange)) {
                throw unexpected(message, "ServerKeyExchange");
            }
            handshake.takeServerKey(keyExchange);
            return new AwaitServerHelloDone(handshake, null);
        }
    }

    /** A CertificateRequest may come before it, once; {@code request} if it did. */
    record AwaitServerHelloDone(Tls12Handshake handshake, CertificateRequest request) implements ClientState {
        @Override
        public Stage stage() {
            return Stage.SERVER_HELLO_DONE;
        }

        @Override
        public boolean mayBeAsked() {
            return request == null;
        }

        @Override
        public int due() {
            return ServerHelloDone.TYPE;
        }

        @Override
        public ClientState on(Message message) throws Fault {
            return switch (message) {
                case CertificateRequest first when request == null -> new AwaitServerHelloDone(handshake, first);
                case ServerHelloDone _ -> {
                    handshake.sendKeyExchange(request);
                    yield awaitChange(handshake);
                }
                default -> throw unexpected(message, "ServerHelloDone");
            };
        }
    }

    /** The server promised a ticket in its hello, so it must send one before it changes keys (RFC 5077, 3.3). */
    record AwaitNewSessionTicket(Tls12Handshake handshake) implements ClientState {
        @Override
        public Stage stage() {
            return Stage.CHANGE_CIPHER_SPEC;
        }

        @Override
        public int due() {
            return NewSessionTicket.TYPE;
        }

        @Override
        public ClientState on(Message message) throws Fault {
            if (!(message instanceof NewSessionTicket ticket)) {
                throw unexpected(message, "NewSessionTicket");
            }
            handshake.keepTicket(ticket);
            return new AwaitChangeCipherSpec(handshake);
        }
    }

    /** The server is about to change keys. */
    record AwaitChangeCipherSpec(Tls12Handshake handshake) implements ClientState {
        @Override
        public Stage stage() {
            return Stage.CHANGE_CIPHER_SPEC;
        }

        @Override
        public ClientState on(Message message) throws Fault {
            if (!(message instanceof Message.ChangeCipherSpec)) {
                throw unexpected(message, "ChangeCipherSpec");
            }
            handshake.changeReadKeys();
            return new AwaitServerFinished(handshake);
        }
    }

    /** TLS 1.3: the rest of what both hellos settle. */
    record AwaitEncryptedExtensions(Tls13Handshake handshake) implements ClientState {
        @Override
        public Stage stage() {
            return Stage.ENCRYPTED_EXTENSIONS;
        }

        @Override
        public int due() {
            return EncryptedExtensions.TYPE;
        }

        @Override
        public ClientState on(Message message) throws Fault {
            if (!(message instanceof EncryptedExtensions extensions)) {
                throw unexpected(message, "EncryptedExtensions");
            }
            handshake.takeExtensions(extensions);
            return handshake.resumed()
                    ? new AwaitServerFinished(handshake)
                    : new AwaitCertificateEntries(handshake, false);
        }
    }

    /** TLS 1.3: a CertificateRequest may come before the certificates, once. */
    record AwaitCertificateEntries(Tls13Handshake handshake, boolean requested) implements ClientState {
        @Override
        public Stage stage() {
            return Stage.CERTIFICATE;
        }

        @Override
        public boolean mayBeAsked() {
            return !requested;
        }

        @Override
        public int due() {
            return Tls13Message.Certificate.TYPE;
        }

        @Override
        public ClientState on(Message message) throws Fault {
            return switch (message) {
                case Tls13Message.CertificateRequest request when !requested -> {
                    handshake.takeRequest(request);
                    yield new AwaitCertificateEntries(handshake, true);
                }
                case Tls13Message.Certificate certificate -> {
                    handshake.meetServer(certificate);
                    yield new AwaitCertificateVerify(handshake);
                }
                default -> throw unexpected(message, "Certificate");
            };
        }
    }

    /** TLS 1.3: the server proves that it has its certificate's key. */
    record AwaitCertificateVerify(Tls13Handshake handshake) implements ClientState {
        @Override
        public Stage stage() {
            return Stage.CERTIFICATE;
        }

        @Override
        public int due() {
            return CertificateVerify.TYPE;
        }

        @Override
        public ClientState on(Message message) throws Fault {
            if (!(message instanceof CertificateVerify proof)) {
                throw unexpected(message, "CertificateVerify");
            }
            handshake.verifyServer(proof);
            return new AwaitServerFinished(handshake);
        }
    }

    /** The server proves that it saw the same handshake. */
    record AwaitServerFinished(VersionedHandshake handshake) implements ClientState {
        @Override
        public Stage stage() {
            return Stage.SERVER_FINISHED;
        }

        @Override
        public int due() {
            return Finished.TYPE;
        }

        @Override
        public ClientState on(Message message) throws Fault {
            if (!(message instanceof Finished finished)) {
                throw unexpected(message, "Finished");
            }
            handshake.verifyServerFinished(finished);
            handshake.finish();
            return new Done(handshake.resumed());
        }
    }

    /**
     * The handshake is complete on our side.
     *
     * @param resumed whether it took up a session, as the wire showed
     */
    record Done(boolean resumed) implements ClientState {
        @Override
        public Stage stage() {
            return Stage.POST_FINISHED;
        }

        @Override
        public ClientState on(Message message) throws Fault {
            throw unexpected(message, "nothing of the handshake");
        }
    }

    /** The handshake failed. */
    record Failed(HandshakeFailure failure) implements ClientState {
        @Override
        public Stage stage() {
            return failure.stage();
        }

        @Override
        public ClientState on(Message message) {
            return this;
        }
    }

    private static ClientState awaitChange(Tls12Handshake handshake) {
        return handshake.agreed().ticketPromised()
                ? new AwaitNewSessionTicket(handshake)
                : new AwaitChangeCipherSpec(handshake);
    }

    static Fault unexpected(Message message, String awaited) {
        return unexpected(message.label(), awaited);
    }

    static Fault unexpected(String label, String awaited) {
        return new Fault(Violation.MESSAGE_OUT_OF_PLACE, label, awaited);
    }
}
