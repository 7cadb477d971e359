using DeviceId.Audio;
using DeviceId.Corpora;
using DeviceId.Evaluation;
using DeviceId.Foundation;

namespace DeviceId.Experiments;

/// <summary>
/// How many recordings of a corpus are named rightly by file facts alone (<see cref="FileFactsClassifier"/>), each sentence held out: what
/// a system could reach without the microphone. Tables of results show it beside the systems.
/// </summary>
/// <param name="CorpusName">Name of the corpus.</param>
/// <param name="Corpus">Fingerprint of the recordings' contents.</param>
/// <param name="Rows">All facts together, then each fact alone, the strongest first.</param>
internal sealed record FileFactsResult(string CorpusName, string Corpus, IReadOnlyList<FactsStrength> Rows)
{
    /// <summary>Name of the row in tables of results.</summary>
    public const string RowName = "file facts only";

    /// <summary>Explains the row.</summary>
    public const string Note = "File facts only: no model, the nearest device by rate, length, format, level, DC offset, quiet floor, band "
        + "limit and histogram of sample values, with the sentence held out (class FileFactsClassifier).";

    /// <summary>Accuracy by recording of all facts together; recordings with several nearest devices count in part, rounded down.</summary>
    public Accuracy Accuracy() => new((int)Rows[0].Right, Rows[0].Count);

    /// <summary>Reads every recording once and tests the facts; null if there are fewer than two devices or sentences.</summary>
    /// <exception cref="AudioException">A recording can no longer be read.</exception>
    public static FileFactsResult? Measure(Corpus corpus, IProgress<WorkProgress>? progress = null)
    {
        var facts = new FileFacts[corpus.Recordings.Count];
        var (counter, done) = (new object(), 0);
        ParallelLoops.For(facts.Length, i =>
        {
            facts[i] = FileFacts.Measure(AudioFile.Read(corpus.Recordings[i].Path));
            lock (counter)
                progress?.Report(new WorkProgress("measuring file facts", ++done, facts.Length));
        });
        var classifier = new FileFactsClassifier(corpus.Recordings, facts);
        return classifier.CanTest
            ? new FileFactsResult(corpus.Name, corpus.Fingerprint, [classifier.Together(), .. classifier.Alone()]) : null;
    }

    /// <summary>Reasons why a stored result is invalid; empty for a valid one.</summary>
    public IEnumerable<string> Problems()
    {
        if (Rows.Count == 0)
            yield return "it has no rows";
        if (Rows.Any(row => !(row.Count > 0 && row.Right >= 0 && row.Right <= row.Count)))
            yield return "there are more right answers than recordings";
    }
}
