using DeviceId.Audio;
using DeviceId.Data;
using DeviceId.Features;
using DeviceId.Models;
using DeviceId.Reporting;
using Microsoft.Data.Analysis;
using TorchSharp;

namespace DeviceId.Tests.Foundation;

/// <summary>A small user program that uses the library. <see cref="PackageTests"/> compiles this file into a program.</summary>
internal static class ConsumerProgram
{
    /// <summary>The line that the program prints.</summary>
    public const string Expected = "65 x 39 features, 3 devices, twice their probabilities are 2.000, plotly.js is there, "
        + "a chart is saved with its font";

    /// <summary>Needs libtorch (features, network), System.Numerics.Tensors (resampling, a column), plotly.js, Skia and the font.</summary>
    public static void Run()
    {
        var samples = Enumerable.Range(0, 32000).Select(i => MathF.Sin(0.1f * i) + MathF.Cos(0.37f * i)).ToArray();
        var clip = Resampler.Resample(new AudioClip(samples, 32000), 16000);
        using var features = new Mfcc(MfccOptions.AsWritten, torch.CPU).Extract(clip);
        using var network = Pstnn.Create(new PstnnOptions { Embedding = 16 }, new SampleShape(Devices: 3), seed: 1);
        using var segment = features.narrow(0, 0, network.Shape.Frames).unsqueeze(0);
        using var supervector = torch.zeros(1, network.Shape.SupervectorLength);
        using var prediction = network.Predict(supervector, segment);

        var probabilities = new SingleDataFrameColumn("probability", prediction.Deep.data<float>().ToArray());
        var table = new DataFrame(probabilities * 2);
        var sum = FormattableString.Invariant($"{table["probability"].Sum():F3}");
        var script = PlotlyScript.ForThisHost().ToString().Length > 0 ? "is there" : "is not there";
        var chart = Path.Combine(AppContext.BaseDirectory, "chart.svg");
        Charts.Lines("a line", "x", "y", [new Series("line", [0, 1], [0, 1])]).Save(chart);
        var font = File.ReadAllText(chart).Contains("Inter", StringComparison.Ordinal) ? "its font" : "another font";
        Console.WriteLine($"{features.shape[0]} x {features.shape[1]} features, {prediction.Deep.shape[1]} devices, "
            + $"twice their probabilities are {sum}, plotly.js {script}, a chart is saved with {font}");
    }
}
