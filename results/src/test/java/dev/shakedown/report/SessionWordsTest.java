package dev.shakedown.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.shakedown.results.Advice;
import dev.shakedown.results.Facts;
import dev.shakedown.results.HandshakeTraits;
import dev.shakedown.results.HandshakeTraits.ClientCertificate;
import dev.shakedown.results.HandshakeTraits.ServerName;
import dev.shakedown.results.RunFacts;
import dev.shakedown.results.RunFacts.Findings;
import dev.shakedown.results.RunResult;
import dev.shakedown.results.Sample;
import dev.shakedown.results.Samples;
import dev.shakedown.results.SessionYield;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What reports say about sessions, tickets and other offers of the client, in text and in JSON. */
class SessionWordsTest {
    private static final RunFacts ONE_TO_FOUR = Facts.of(Facts.CLOSED);

    @Test
    void aMixThatNeedsMoreSessionsThanTheServerGivesIsToldSoWithTheArithmetic() {
        assertEquals(
                Optional.of("the server issues 2 sessions per full handshake and none per resumed one, and each is"
                        + " offered once: at most 2 of 3 handshakes can be resumed, but the mix asks for 4 of 5;"
                        + " offer each 2"
                        + " times with resume uses 2, or ask for mix full=1,resumed=2"),
                SessionWords.shortage(new SessionYield(2, 0, 1), 1, 4).map(Advice::toString));
        assertEquals(Optional.empty(), SessionWords.shortage(new SessionYield(2, 0, 1), 1, 2));
        assertEquals(Optional.empty(), SessionWords.shortage(new SessionYield(2, 0, 2), 1, 4));
        assertEquals(Optional.empty(), SessionWords.shortage(new SessionYield(1, 1, 1), 0, 1));
        assertEquals(Optional.empty(), SessionWords.shortage(new SessionYield(0, 0, 1), 1, 0), "nothing to resume");
    }

    @Test
    void whereNoNumberOfUsesSufficesOnlyTheMixHelps() {
        var words = SessionWords.shortage(new SessionYield(2, 0, 3), 0, 1).orElseThrow().toString();
        assertTrue(words
                .contains("is offered 3 times: at most 6 of 7 handshakes can be resumed, but the mix asks for 1 of"
                        + " 1; ask for mix full=1,resumed=6"),
                words);
        assertEquals("the server issues no session that could be offered to it, so nothing can be resumed",
                SessionWords.shortage(new SessionYield(0, 0, 1), 1, 4).orElseThrow().toString());
    }

    /** One of nineteen is more than 5 %, one of twenty is not. */
    @Test
    void tooMuchPrimingStandsOnTop() throws IOException {
        var twenty = new ArrayList<>(Collections.nCopies(19, Samples.resumed(100)));
        twenty.add(Samples.priming(100));
        assertFalse(TextReport.of(result(ONE_TO_FOUR, twenty)).contains("MISSED MIX"));
        assertFalse(json(result(ONE_TO_FOUR, twenty)).at("/resumption/tooMuchPriming").asBoolean());
        var nineteen = twenty.subList(1, 20);
        var facts = with(ONE_TO_FOUR, new Findings(Optional.empty(), Optional.empty(),
                Optional.of(new SessionYield(2, 0, 1)), Optional.empty()));
        var result = result(facts, nineteen);
        var text = TextReport.of(result).replaceAll("\\s+", " ");
        assertTrue(text.startsWith("MISSED MIX: 1 of 19 handshakes that were to resume had no session to offer and were"
                + " done in full (priming): the server issues 2 sessions per full handshake and none per resumed"
                + " one"),
                text);
        assertTrue(json(result).at("/resumption/tooMuchPriming").asBoolean());
        assertEquals(2, json(result).at("/sessions/perFull").asInt());
        assertEquals(0, json(result).at("/sessions/perResumed").asInt(-1));
        assertEquals(0.667, json(result).at("/sessions/mostShare").asDouble());
        assertTrue(TextReport.of(result(ONE_TO_FOUR, nineteen)).replaceAll("\\s+", " ")
                .contains("so this was not the mix that was asked for; the cause is the generator, not the server"));
    }

    @Test
    void theServersShareIsOfWhatWasOffered() {
        var text = TextReport.of(result(ONE_TO_FOUR, List.of(Samples.resumed(100), Samples.resumed(100),
                Samples.declined(100), Samples.priming(100), Samples.priming(100)))).replaceAll("\\s+", " ");
        assertTrue(
                text.contains("5 asked, 3 offered, 2 accepted, 1 declined, 2 priming (no session to offer); the server"
                        + " resumed 66.7 % of those offered"),
                text);
    }

    @Test
    void whatATrialOfTheWayToCloseShowedIsSaid() throws IOException {
        var forgets = with(ONE_TO_FOUR, closure("reset_forgets"));
        var result = result(forgets, List.of(Samples.declined(100), Samples.resumed(100)));
        assertEquals("reset_forgets", json(result).at("/sessions/closure").asText());
        var text = TextReport.of(result).replaceAll("\\s+", " ");
        assertTrue(text.startsWith("SESSIONS LOST: the server forgets a session that it keeps under an ID when its"
                + " connection is reset: it declined 1, but resumed those whose connection had ended with close_notify;"
                + " leave out close rst."), text);
        var anyway = TextReport
                .of(result(with(ONE_TO_FOUR, closure("declined_anyway")), List.of(Samples.declined(100))));
        assertTrue(anyway.replaceAll("\\s+", " ")
                .contains("declines sessions by their ID even if the connection ended with"
                        + " close_notify"),
                anyway);
    }

    private static Findings closure(String found) {
        return new Findings(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(found));
    }

    @Test
    void whyARunEndedItselfIsNoInterrupt() throws IOException {
        var because = "nothing listens at 127.0.0.1:1 (383 of 383 connections were refused)";
        var result = result(with(ONE_TO_FOUR, new Findings(Optional.of(because), Optional.empty(), Optional.empty(),
                Optional.empty())), List.of(Samples.failed("connect", "connection_refused")));
        assertEquals(because, json(result).at("/endedBecause").asText());
        assertFalse(json(result).at("/interrupted").asBoolean());
        var text = TextReport.of(result);
        assertTrue(
                text.replaceAll("\\s+", " ").startsWith("STOPPED: the run stopped after 10 s because " + because + "."),
                text);
        assertFalse(text.contains("INTERRUPTED"), text);
    }

    @Test
    void ticketsThatAreOfNoUseAreCounted() throws IOException {
        var result = result(ONE_TO_FOUR, List.of(observing(new HandshakeTraits(false, 2, 0, ClientCertificate.NOT_HELD,
                Optional.empty(), ServerName.NOT_CHECKED)), observing(
                        new HandshakeTraits(true, 0, 1,
                                ClientCertificate.NOT_HELD, Optional.empty(), ServerName.NOT_CHECKED))));
        var text = TextReport.of(result).replaceAll("\\s+", " ");
        assertTrue(text.contains("2 tickets could not be offered later: their lifetime is 0"), text);
        assertTrue(text.contains("1 ticket could not be offered later: they are too large for a ClientHello"), text);
        assertTrue(text.contains("in 1 handshake a ticket came before the client's Finished was sent"), text);
        var sessions = json(result).at("/sessions");
        assertEquals("[{\"reason\":\"no_lifetime\",\"count\":2},{\"reason\":\"too_large\",\"count\":1}]",
                sessions.at("/unusableTickets").toString());
        assertEquals(1, sessions.at("/ticketsBeforeFinished").asInt());
    }

    /** Some servers take a reset immediately after Finished for a failure, which a ticket would rule out. */
    @Test
    void whereNoTicketCameTheWayToCloseIsCalledToMind() {
        var missing = Samples.retried(100, Sample.Tickets.MISSING);
        var hint = "some servers log that as a failure, which close notify avoids";
        var facts = Facts.of(Facts.CLOSED);
        assertTrue(said(result(facts, List.of(missing))).contains(hint), said(result(facts, List.of(missing))));
        var habit = with(facts, new Findings(Optional.empty(), Optional.empty(), Optional.of(new SessionYield(2, 0, 1)),
                Optional.empty()));
        assertFalse(said(result(habit, List.of(missing))).contains(hint), "resumed handshakes bring none there");
        var most = new ArrayList<>(Collections.nCopies(19, Samples.retried(100, Sample.Tickets.CAME)));
        most.add(missing);
        assertFalse(said(result(facts, most)).contains(hint), "one of twenty is no habit");
    }

    private static String said(RunResult result) {
        return TextReport.of(result).replaceAll("\\s+", " ");
    }

    @Test
    void whatBecameOfWhatWasOfferedIsCounted() throws IOException {
        var shown = observing(
                new HandshakeTraits(false, 0, 0, ClientCertificate.SHOWN, Optional.of("h2"), ServerName.BORNE));
        var none = observing(new HandshakeTraits(false, 0, 0, ClientCertificate.NOT_ASKED, Optional.empty(),
                ServerName.NOT_BORNE));
        var misfit = observing(new HandshakeTraits(false, 0, 0, ClientCertificate.NONE_FITS, Optional.of("h2"),
                ServerName.NOT_BORNE));
        var result = result(ONE_TO_FOUR, List.of(shown, none, none, misfit));
        var text = TextReport.of(result).replaceAll("\\s+", " ");
        assertTrue(text.contains("client certificate: the server never asked for it in 2 of 4 full handshakes"), text);
        assertTrue(text.contains("client certificate: its key cannot make the signatures that the server asked for in"
                + " 1 of 4 full handshakes"), text);
        assertTrue(text.contains("ALPN: of h2 the server chose h2 in 2 handshakes, none in 2 of 4 handshakes"), text);
        assertTrue(text.contains("does not contain the requested name (localhost) in 3 of 4 full handshakes"), text);
        var offers = json(result).at("/offers");
        assertEquals("{\"shown\":1,\"notAsked\":2,\"noneFits\":1}", offers.at("/clientCertificate").toString());
        assertEquals("{\"chosen\":[{\"protocol\":\"h2\",\"count\":2}],\"notChosen\":2}",
                offers.at("/alpn").toString());
        assertEquals("{\"borne\":1,\"notBorne\":3}", offers.at("/serverName").toString());
    }

    @Test
    void whoseFaultARunIsUnfitByIsSaid() {
        assertEquals(
                "the generator was the bottleneck, because it was late; these figures show what the client could do,"
                        + " not what the server can.",
                RunWords.unfit("lateness", "it was late"));
        assertEquals(
                "this machine was busy with other work; these figures may show that rather than what the server can"
                        + " do.",
                RunWords.unfit("other_work", "this machine was busy with other work"));
    }

    private static Sample observing(HandshakeTraits observed) {
        var plain = Samples.full(100);
        return new Sample(plain.outcome(), plain.asked(), plain.resumption(), plain.earlyData(), plain.tickets(),
                observed,
                plain.marks(), 1, 1);
    }

    private static RunFacts with(RunFacts facts, Findings findings) {
        return Facts.found(facts, findings);
    }

    private static RunResult result(RunFacts facts, List<Sample> samples) {
        return Facts.result(facts, samples.toArray(Sample[]::new));
    }

    private static JsonNode json(RunResult result) throws IOException {
        return JsonMapper.builder().build().readTree(result.toJson());
    }
}
