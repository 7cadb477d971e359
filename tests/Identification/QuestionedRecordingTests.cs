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
    public void ARecordingOfAnotherSamplingRateIsIdentifiedWithAWarning()
    {
        using var folder = new TemporaryFolder();
        var recording = small.Recordings[0];
        var path = folder.File("resampled.wav");
        WaveFile.Write(path, Resampler.Resample(AudioFile.Read(recording.Path), 22_050));
        var resampled = QuestionedRecording.Identify(small.Model, path);
        var original = QuestionedRecording.Identify(small.Model, recording.Path);
        Assert.Contains(resampled.Warnings, w => w.Contains("sampling rate is 22050 Hz", StringComparison.Ordinal));
        Assert.StartsWith("This recording lies outside the model's training domain (rate", resampled.Warnings[0], StringComparison.Ordinal);
        Assert.Equal("rate", resampled.Differences[0].Aspect);
        Assert.DoesNotContain(original.Warnings, w => w.Contains("sampling rate", StringComparison.Ordinal));
        Assert.Equal(original.Identification.Candidates[0].Device, resampled.Identification.Candidates[0].Device);
        Assert.Equal(original.Identification.Strip.Count, resampled.Identification.Strip.Count);
    }

    [Fact]
    public void ATooShortOrSilentFileIsRefusedByName()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("short.wav");
        WaveFile.Write(path, new AudioClip(new float[50], 16_000));
        Assert.Contains("short.wav", Assert.Throws<AudioException>(() => QuestionedRecording.Identify(small.Model, path)).Message,
            StringComparison.Ordinal);
        WaveFile.Write(path, new AudioClip(new float[16_000], 16_000));
        var silent = Assert.Throws<AudioException>(() => QuestionedRecording.Identify(small.Model, path)).Message;
        Assert.EndsWith("The recording is silent: all its samples are equal, so it cannot be identified.", silent,
            StringComparison.Ordinal);
        File.WriteAllText(path, "no sound");
        Assert.Throws<AudioException>(() => QuestionedRecording.Identify(small.Model, path));
        Assert.Throws<AudioException>(() => QuestionedRecording.Identify(small.Model, folder.File("absent.wav")));
    }

    [Fact]
    public void ASplicedRecordingShowsBothDevicesAndTheTimeOfTheSplice()
    {
        var (first, second) = (AudioFile.Read(small.Recordings[0].Path), AudioFile.Read(small.Recordings[5].Path));
        var half = first.Samples.Length / 2;
        var answer = small.Model.Identify(first with { Samples = [.. first.Samples.Take(half), .. second.Samples.Skip(half)] });
        Assert.Equal([small.Recordings[0].Device, small.Recordings[5].Device], answer.SplicedSegments.Select(s => s.Device));
        // The splice is at 2 s of 4 and is located to within a segment of 0.96 s.
        Assert.InRange(answer.SplicedSegments[1].From, 2 - 0.97, 2 + 0.97);
        // Four whole segments: samples after the last one are not used.
        Assert.Equal((0, 4, 4 * answer.SegmentSeconds),
            (answer.SplicedSegments[0].From, answer.Strip.Count, answer.SplicedSegments[^1].To));
    }

    [Fact]
    public void ThePageNeedsNoNetworkAndEncodesNames()
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
        var questioned = QuestionedRecording.Identify(small.Model, small.Recordings[1].Path);
        var answer = questioned.Identification;
        string Ratio(double ratio)
        {
            var comparison = answer.Comparisons[0] with { LogRatio = Math.Log(ratio) };
            return new IdentificationText(
                small.Model, questioned with { Identification = answer with { Comparisons = [comparison] } }).Ratio;
        }

        Assert.EndsWith("6,500 times more likely if " + answer.Candidates[0].Device
            + " made the recording than if an unknown device did (likelihood ratio 6,480).", Ratio(6480.4), StringComparison.Ordinal);
        Assert.Contains("72 times less likely", Ratio(1 / 72.0), StringComparison.Ordinal);
        Assert.EndsWith("(likelihood ratio 0.0139).", Ratio(1 / 72.0), StringComparison.Ordinal);
        Assert.StartsWith("Moderate support for another device: ", Ratio(1 / 72.0), StringComparison.Ordinal);
    }

    [Fact]
    public void JsonIsCompleteAndCsvHasOneLinePerRecording()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("a, \"b\".wav");
        File.Copy(small.Recordings[2].Path, path);
        var record = IdentificationRecord.From(
            small.Model, "abc", QuestionedRecording.Identify(small.Model, path), small.Model.Facts.Devices[1]);
        var document = IdentificationDocument.Create(small.Path, "abc", isComplete: true, [record, record], []);
        var read = Json.Read<IdentificationDocument>(document.ToJson());
        Assert.Equal(document.ToJson(), read.ToJson());
        Assert.Equal(6, read.Answers[0].Candidates.Count);
        Assert.Equal(record.Comparisons.Single(c => c.Device == small.Model.Facts.Devices[1]).LogRatio, record.AskedLogRatio);
        using var json = JsonDocument.Parse(document.ToJson());
        Assert.Equal(record.File, json.RootElement.GetProperty("answers")[0].GetProperty("file").GetString());
        using var parser = new Microsoft.VisualBasic.FileIO.TextFieldParser(new StringReader(document.ToCsv()));
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
    public void TheAcceptedFalseAlarmsDecideBetweenANameAndNoneOfThese()
    {
        var questioned = QuestionedRecording.Identify(small.Model, small.Recordings[3].Path);
        var device = questioned.Identification.Candidates[0].Device;
        var doubtful = questioned with { Identification = questioned.Identification with { FalseAlarms = 0.2 } };
        Assert.Null(doubtful.Identification.Answer(0.1));
        Assert.Equal(device, doubtful.Identification.Answer(0.2));
        var text = new IdentificationText(small.Model, doubtful, falseAlarms: 0.1);
        Assert.StartsWith("none of the model's 6 devices", text.Answer, StringComparison.Ordinal);
        Assert.Contains("it looks as if none of them did", text.Probability, StringComparison.Ordinal);
        // The answer mentions different parts, with or without a name for the whole recording.
        var spliced = questioned with
        {
            Identification = questioned.Identification with
            {
                FalseAlarms = 0,
                SplicedSegments = [new("a", 0, 2), new(device, 2, 4)]
            }
        };
        Assert.Equal($"{device}, but parts look like a", new IdentificationText(small.Model, spliced).Heading);
        Assert.Equal($"None of the model's 6 devices for all of it; parts look like a and {device}",
            new IdentificationText(small.Model, spliced with { Identification = spliced.Identification with { FalseAlarms = 1 } }).Heading);
        // A model without a similarity calibration gives a name, but no likelihood ratio.
        var uncalibrated = questioned with { Identification = questioned.Identification with { FalseAlarms = null, Comparisons = [] } };
        Assert.Equal("", new IdentificationText(small.Model, uncalibrated).Ratio);
        Assert.Equal(device, uncalibrated.Identification.Answer());
    }
}
