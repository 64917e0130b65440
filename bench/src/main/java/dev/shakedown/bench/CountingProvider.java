package dev.shakedown.bench;

import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyPairGeneratorSpi;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Security;
import java.security.Signature;
import java.security.SignatureException;
import java.security.SignatureSpi;
import java.security.spec.AlgorithmParameterSpec;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.KeyAgreement;
import javax.crypto.KeyAgreementSpi;
import javax.crypto.SecretKey;
import javax.crypto.ShortBufferException;

/**
 * A provider that precedes the JDK's, delegates to them, and counts public-key operations: key generation, key
 * agreement, signing and verifying. So all code that uses them in the usual way is counted.
 */
final class CountingProvider extends Provider {
    private static final long serialVersionUID = 1;
    static final AtomicLong OPERATIONS = new AtomicLong();

    CountingProvider() {
        super("Counting", "1", "counts public-key operations");
        for (var algorithm : List.of("X25519", "EC")) {
            putService(new Counted(this, "KeyPairGenerator", algorithm));
        }
        for (var algorithm : List.of("X25519", "ECDH")) {
            putService(new Counted(this, "KeyAgreement", algorithm));
        }
        for (var algorithm : List.of("SHA256withECDSA", "SHA384withECDSA", "SHA256withRSA", "RSASSA-PSS", "Ed25519")) {
            putService(new Counted(this, "Signature", algorithm));
        }
    }

    private static Provider next(String type, String algorithm) {
        for (var provider : Security.getProviders()) {
            if (!(provider instanceof CountingProvider) && provider.getService(type, algorithm) != null) {
                return provider;
            }
        }
        throw new IllegalStateException("no provider has " + type + " " + algorithm);
    }

    private static final class Counted extends Service {
        Counted(Provider provider, String type, String algorithm) {
            super(provider, type, algorithm, Counted.class.getName(), null, null);
        }

        @Override
        public Object newInstance(Object parameter) throws java.security.NoSuchAlgorithmException {
            var next = next(getType(), getAlgorithm());
            return switch (getType()) {
                case "KeyPairGenerator" -> new Generator(KeyPairGenerator.getInstance(getAlgorithm(), next));
                case "KeyAgreement" -> new Agreement(KeyAgreement.getInstance(getAlgorithm(), next));
                default -> new Signing(Signature.getInstance(getAlgorithm(), next));
            };
        }

        @Override
        public boolean supportsParameter(Object parameter) {
            return true;
        }
    }

    private static final class Generator extends KeyPairGeneratorSpi {
        private final KeyPairGenerator next;

        Generator(KeyPairGenerator next) {
            this.next = next;
        }

        @Override
        public void initialize(int size, SecureRandom random) {
            next.initialize(size, random);
        }

        @Override
        public void initialize(AlgorithmParameterSpec spec, SecureRandom random)
                throws InvalidAlgorithmParameterException {
            next.initialize(spec, random);
        }

        @Override
        public KeyPair generateKeyPair() {
            OPERATIONS.incrementAndGet();
            return next.generateKeyPair();
        }
    }

    private static final class Agreement extends KeyAgreementSpi {
        private final KeyAgreement next;

        Agreement(KeyAgreement next) {
            this.next = next;
        }

        @Override
        protected void engineInit(Key key, SecureRandom random) throws InvalidKeyException {
            next.init(key, random);
        }

        @Override
        protected void engineInit(Key key, AlgorithmParameterSpec spec, SecureRandom random)
                throws InvalidKeyException, InvalidAlgorithmParameterException {
            next.init(key, spec, random);
        }

        @Override
        protected Key engineDoPhase(Key key, boolean isLast) throws InvalidKeyException {
            return next.doPhase(key, isLast);
        }

        @Override
        protected byte[] engineGenerateSecret() {
            OPERATIONS.incrementAndGet();
            return next.generateSecret();
        }

        @Override
        protected int engineGenerateSecret(byte[] secret, int offset) throws ShortBufferException {
            OPERATIONS.incrementAndGet();
            return next.generateSecret(secret, offset);
        }

        @Override
        protected SecretKey engineGenerateSecret(String algorithm)
                throws java.security.NoSuchAlgorithmException, InvalidKeyException {
            OPERATIONS.incrementAndGet();
            return next.generateSecret(algorithm);
        }
    }

    private static final class Signing extends SignatureSpi {
        private final Signature next;

        Signing(Signature next) {
            this.next = next;
        }

        @Override
        protected void engineInitVerify(PublicKey key) throws InvalidKeyException {
            next.initVerify(key);
        }

        @Override
        protected void engineInitSign(PrivateKey key) throws InvalidKeyException {
            next.initSign(key);
        }

        @Override
        protected void engineUpdate(byte one) throws SignatureException {
            next.update(one);
        }

        @Override
        protected void engineUpdate(byte[] bytes, int offset, int length) throws SignatureException {
            next.update(bytes, offset, length);
        }

        @Override
        protected byte[] engineSign() throws SignatureException {
            OPERATIONS.incrementAndGet();
            return next.sign();
        }

        @Override
        protected boolean engineVerify(byte[] signature) throws SignatureException {
            OPERATIONS.incrementAndGet();
            return next.verify(signature);
        }

        @Override
        protected void engineSetParameter(AlgorithmParameterSpec spec) throws InvalidAlgorithmParameterException {
            next.setParameter(spec);
        }

        @Override
        protected AlgorithmParameters engineGetParameters() {
            return next.getParameters();
        }

        @Override
        @SuppressWarnings("deprecation")
        protected void engineSetParameter(String name, Object value) {
            throw new UnsupportedOperationException();
        }

        @Override
        @SuppressWarnings("deprecation")
        protected Object engineGetParameter(String name) {
            throw new UnsupportedOperationException();
        }
    }

    /** Installs it as the first provider; to be called before any other is used. */
    static void install() throws GeneralSecurityException {
        if (Security.insertProviderAt(new CountingProvider(), 1) != 1) {
            throw new GeneralSecurityException("the counting provider cannot be first");
        }
    }
}
