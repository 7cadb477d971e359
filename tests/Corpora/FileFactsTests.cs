using DeviceId.Audio;
using DeviceId.Corpora;

namespace DeviceId.Tests.Corpora;

public sealed class FileFactsTests
{
    [Fact]
    [Trait("Speed", "Slow")]
    public void Probe()
    {
        var corpus = CcnuMobile.Open(TestPaths.RealData("ccnu-mobile"));
        var clips = corpus.Recordings.Select(r => AudioFile.Read(r.Path)).ToList();
        foreach (var (r, c) in corpus.Recordings.Zip(clips))
        {
            var powers = c.Samples.Chunk((int)(0.02 * c.SampleRate)).Select(w => w.Average(s => (double)s * s)).Order().ToList();
            var l = RecordingLevels.Measure(c);
            if (l.RmsDecibels < -55)
                Console.WriteLine(FormattableString.Invariant($"{Path.GetFileName(r.Path)} rms {l.RmsDecibels:0.0} peak {l.PeakDecibels:0.0} p95 {10 * Math.Log10(powers[(int)(0.95 * powers.Count)]):0.0} p90 {10 * Math.Log10(powers[(int)(0.9 * powers.Count)]):0.0}"));
        }

        var facts = clips.Select(FileFacts.Measure).ToList();
        var test = new FileFactsClassifier(corpus.Recordings, facts);
        Console.WriteLine(test.Together());
        foreach (var s in test.Alone())
            Console.WriteLine(s);
    }
}
