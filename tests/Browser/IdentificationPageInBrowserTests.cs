using System.Text.RegularExpressions;
using DeviceId.Audio;
using DeviceId.Identification;
using DeviceId.Reporting;
using DeviceId.Tests.Identification;

namespace DeviceId.Tests.Browser;

/// <summary>The page about a questioned recording, in a browser without network.</summary>
[Collection(TensorCollection.Name)]
[Trait("Speed", "Slow")]
public sealed partial class IdentificationPageInBrowserTests(SmallModel small) : IClassFixture<SmallModel>
{
    [Fact]
    public async Task AnyRecordingFitsOnOneSheetAndNothingOverflows()
    {
        using var folder = new TemporaryFolder();
        var plain = QuestionedRecording.Identify(small.Model, small.Recordings[0].Path);
        // Worst case: a long name, up to all possible warnings of two lines each, and parts that look like every device.
        const string Warning = "It contains nothing above 4.0 kHz; every training recording reaches at least 15.1 kHz. It may have passed "
            + "through a codec, a telephone line, or another sampling rate.";
        QuestionedRecording WithWarnings(int warnings) => plain with
        {
            Path = folder.File($"{new string('a', 180)}.wav"),
            Warnings = [.. Enumerable.Repeat(Warning, warnings)],
            Info = new AudioFileInfo("MP4", "AAC", true, "32-bit float", 44_100, 2, 2, "ffmpeg 5.1.9-0+deb12u1")
            {
                BytesClaimed = 1_234_567, BytesPresent = 1_200_000, BytesUsed = 1_199_000,
                Channel = "channel 2 of 2 (channel 1 holds no speech)", Complaints = [.. Enumerable.Repeat(new string('c', 300), 5)],
            },
            Identification = plain.Identification with
            {
                FalseAlarms = 1,
                SplicedSegments =
                    [.. Enumerable.Range(0, 60).Select(i => new SplicedSegment(small.Model.Facts.Devices[i % 6], i, i + 1))]
            },
        };
        await using var chromium = await Chromium.StartAsync();
        foreach (var (name, questioned) in new[] { ("plain", plain), ("4 warnings", WithWarnings(4)), ("7 warnings", WithWarnings(7)),
            ("14 warnings", WithWarnings(14)) })
        {
            var page = folder.File(name + ".html");
            await File.WriteAllTextAsync(page, IdentificationPage.Write(small.Model, new string('f', 64), questioned),
                TestContext.Current.CancellationToken);
            var watched = await chromium.OpenAsync(width: 1280, offline: true);
            await watched.Page.GotoAsync(new Uri(page).AbsoluteUri);
            foreach (var width in new[] { 1280, 600, 360 })
            {
                await watched.Page.SetViewportSizeAsync(width, 900);
                Assert.True(await watched.OverflowAsync() <= 0, $"{name}, {width}: {await watched.OverflowAsync()} pixels too wide");
                if (Environment.GetEnvironmentVariable("DEVICEID_PICTURES") is { } pictures)
                    await watched.Page.ScreenshotAsync(new() { FullPage = true, Path = Path.Combine(pictures, $"{name} {width}.png") });
            }

            Assert.Empty(watched.Requests);
            Assert.Empty(watched.Errors);
            var pdf = System.Text.Encoding.Latin1.GetString(await watched.Page.PdfAsync(new()
            {
                PreferCSSPageSize = true,
                PrintBackground = true
            }));
            Assert.True(Sheet().Matches(pdf) is [_], $"{name}: {Sheet().Matches(pdf).Count} sheets");
        }
    }

    [GeneratedRegex(@"/Type\s*/Page\b")]
    private static partial Regex Sheet();
}
