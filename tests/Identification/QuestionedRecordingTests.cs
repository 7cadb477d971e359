using System.Text.Json;
using DeviceId.Audio;
using DeviceId.Foundation;
using DeviceId.Identification;
using DeviceId.Reporting;

namespace DeviceId.Tests.Identification;

[Collection(TensorCollection.Name)]
[Trait("Speed", "Slow")]
public sealed class QuestionedRecordingTests(SmallModel small) : IClassFixture<SmallModel>
{
    [Fact]
    public void ARecordingOfAnotherRateIsAnsweredWithAWarning()
    {
        using var folder = new TemporaryFolder();
        var recording = small.Recordings[0];
        var path = folder.File("faster.wav");
        WaveFile.Write(path, Resampler.Resample(AudioFile.Read(recording.Path), 22_050));
        var (as32, plain) = (QuestionedRecording.Identify(small.Model, path), QuestionedRecording.Identify(small.Model, recording.Path));
        Assert.Contains(as32.Warnings, w => w.Contains("sampling rate is 22050 Hz", StringComparison.Ordinal));
        Assert.StartsWith("This recording lies outside of what the model was tested on (rate", as32.Warnings[0], StringComparison.Ordinal);
        Assert.Equal("rate", as32.Differences[0].Aspect);
        Assert.DoesNotContain(plain.Warnings, w => w.Contains("sampling rate", StringComparison.Ordinal));
        Assert.Equal(plain.Identification.Candidates[0].Device, as32.Identification.Candidates[0].Device);
        Assert.Equal(plain.Identification.Strip.Count, as32.Identification.Strip.Count);
    }

    [Fact]
    public void AFileThatIsTooShortOrNoSoundIsRefusedByItsName()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("short.wav");
        WaveFile.Write(path, new AudioClip(new float[50], 16_000));
        Assert.Contains("short.wav", Assert.Throws<AudioException>(() => QuestionedRecording.Identify(small.Model, path)).Message,
            StringComparison.Ordinal);
        WaveFile.Write(path, new AudioClip(new float[16_000], 16_000));
        var silent = Assert.Throws<AudioException>(() => QuestionedRecording.Identify(small.Model, path)).Message;
        Assert.EndsWith("There is no sound in it, all its samples are the same: nothing can be said of it.", silent,
            StringComparison.Ordinal);
        File.WriteAllText(path, "no sound");
        Assert.Throws<AudioException>(() => QuestionedRecording.Identify(small.Model, path));
        Assert.Throws<AudioException>(() => QuestionedRecording.Identify(small.Model, folder.File("absent.wav")));
    }

    [Fact]
    public void ASplicedRecordingShowsBothDevicesAndSaysWhere()
    {
        var (first, second) = (AudioFile.Read(small.Recordings[0].Path), AudioFile.Read(small.Recordings[5].Path));
        var half = first.Samples.Length / 2;
        var said = small.Model.Identify(first with { Samples = [.. first.Samples.Take(half), .. second.Samples.Skip(half)] });
        Assert.Equal([small.Recordings[0].Device, small.Recordings[5].Device], said.SplicedSegments.Select(p => p.Device));
        // 2 s of 4: the change is seen to within a segment of 0.96 s.
        Assert.InRange(said.SplicedSegments[1].From, 2 - 0.97, 2 + 0.97);
        // Four whole segments: what is left behind them was not looked at.
        Assert.Equal((0, 4, 4 * said.SegmentSeconds), (said.SplicedSegments[0].From, said.Strip.Count, said.SplicedSegments[^1].To));
    }

    [Fact]
    public void ThePageIsWholeWithoutANetworkAndSpellsNamesOut()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("<b>&name.wav");
        File.Copy(small.Recordings[1].Path, path);
        var questioned = QuestionedRecording.Identify(small.Model, path);
        var page = IdentificationPage.Write(small.Model, "abc123", questioned, written: DateTimeOffset.UnixEpoch);
        Assert.DoesNotContain("<b>&name", page, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;&amp;name.wav", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http", page, StringComparison.Ordinal);
        foreach (var needed in new[] { questioned.Hash, "abc123", small.Model.Facts.Fingerprint,
            questioned.Identification.Candidates[0].Device, "1970-01-01", "@media print" })
            Assert.Contains(needed, page, StringComparison.Ordinal);
        var strip = page[page.IndexOf("<svg", page.IndexOf("Along the recording", StringComparison.Ordinal), StringComparison.Ordinal)..];
        Assert.Equal(questioned.Identification.Strip.Count, strip.Split("</title></rect>").Length - 1);
        Assert.Contains("knows no device 'nobody'",
            Assert.Throws<ArgumentException>(() => IdentificationPage.Write(small.Model, "", questioned, "nobody")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void RatiosArePrintedWithoutPowersOfTen()
    {
        var said = QuestionedRecording.Identify(small.Model, small.Recordings[1].Path);
        string Ratio(double ratio) => new IdentificationText(small.Model,
            said with
            {
                Identification = said.Identification with
                {
                    Comparisons = [
            said.Identification.Comparisons[0] with { LogRatio = Math.Log(ratio) }]
                }
            }).Ratio;
        Assert.EndsWith("6,500 times more likely if " + said.Identification.Candidates[0].Device
            + " made the recording than if a device that nobody has seen did (likelihood ratio 6,480).", Ratio(6480.4),
            StringComparison.Ordinal);
        Assert.Contains("72 times less likely", Ratio(1 / 72.0), StringComparison.Ordinal);
        Assert.EndsWith("(likelihood ratio 0.0139).", Ratio(1 / 72.0), StringComparison.Ordinal);
        Assert.StartsWith("Moderate support for another device: ", Ratio(1 / 72.0), StringComparison.Ordinal);
    }

    [Fact]
    public void JsonHoldsAllAndCsvOneLineARecording()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("a, \"b\".wav");
        File.Copy(small.Recordings[2].Path, path);
        var record = IdentificationRecord.From(small.Model, "abc", QuestionedRecording.Identify(small.Model, path));
        var read = Json.Read<IReadOnlyList<IdentificationRecord>>(IdentificationRecord.ToJson([record]));
        Assert.Equal(IdentificationRecord.ToJson([record]), IdentificationRecord.ToJson(read));
        Assert.Equal(6, read[0].Candidates.Count);
        using var json = JsonDocument.Parse(IdentificationRecord.ToJson([record]));
        Assert.Equal(record.File, json.RootElement[0].GetProperty("file").GetString());
        using var parser = new Microsoft.VisualBasic.FileIO.TextFieldParser(new StringReader(IdentificationRecord.ToCsv([record, record])));
        parser.SetDelimiters(",");
        var rows = new List<string[]>();
        while (!parser.EndOfData)
            rows.Add(parser.ReadFields()!);
        Assert.Equal(3, rows.Count);
        Assert.All(rows, row => Assert.Equal(rows[0].Length, row.Length));
        Assert.Equal(path, rows[1][0]);
        Assert.Equal(record.Candidates[0].Device, rows[1][5]);
    }

    [Fact]
    public void AnAnswerIsANameOrNoneAsTheAcceptedFalseAlarmsSay()
    {
        var said = QuestionedRecording.Identify(small.Model, small.Recordings[3].Path);
        var doubtful = said with { Identification = said.Identification with { FalseAlarms = 0.2 } };
        Assert.Null(doubtful.Identification.Answer(0.1));
        Assert.Equal(said.Identification.Candidates[0].Device, doubtful.Identification.Answer(0.2));
        var words = new IdentificationText(small.Model, doubtful, falseAlarms: 0.1);
        Assert.StartsWith("none of the model's 6 devices", words.Answer, StringComparison.Ordinal);
        Assert.Contains("it looks as if none of them did", words.Probability, StringComparison.Ordinal);
        // A recording of two parts says so in its answer, whether or not it is given a name.
        var spliced = said with
        {
            Identification = said.Identification with
            {
                FalseAlarms = 0,
                SplicedSegments = [new("a", 0, 2), new(said.Identification.Candidates[0].Device, 2, 4)]
            }
        };
        Assert.Equal($"{said.Identification.Candidates[0].Device}, but parts look like a",
            new IdentificationText(small.Model, spliced).Heading);
        Assert.Equal($"None of the model's 6 devices for all of it; parts look like a and {said.Identification.Candidates[0].Device}",
            new IdentificationText(small.Model, spliced with { Identification = spliced.Identification with { FalseAlarms = 1 } }).Heading);
        // Without anything learnt about unknown devices there is a name, a warning, and no ratio.
        var unable = said with { Identification = said.Identification with { FalseAlarms = null, Comparisons = [] } };
        Assert.Equal("", new IdentificationText(small.Model, unable).Ratio);
        Assert.Equal(said.Identification.Candidates[0].Device, unable.Identification.Answer());
    }
}
