using DeviceId.Classifiers;
using DeviceId.Foundation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace DeviceId.Tests.Layout;

/// <summary>
/// Code that trains on test items does not compile: each expression must compile with training items and must not compile with test items.
/// </summary>
public sealed class LeakageTests
{
    /// <summary>Internal members are checked too: the expressions are compiled under the name of a friend assembly.</summary>
    private const string Friend = "DeviceId.Tests";

    private const string Frame = """
        using DeviceId.Classifiers; using DeviceId.Corpora; using DeviceId.Data; using DeviceId.Evaluation; using DeviceId.Features;
        using DeviceId.Models; using DeviceId.Training; using TorchSharp;
        static class Try
        {{
            static void It(
                TrainSet train, TestSet test, TrainDataset trainSamples, TestDataset testSamples, FrontEndOptions options,
                FeatureStore store, torch.Device device, IDeviceClassifier system, Trainer trainer, FrontEnd frontEnd,
                DeviceNetwork network) => {0};
        }}
        """;

    private static readonly List<MetadataReference> References = [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
        .Split(Path.PathSeparator)
        .Where(path => Path.GetFileName(path) is var name
            && (name.StartsWith("System.", StringComparison.Ordinal) || name is "netstandard.dll" or "TorchSharp.dll"))
        .Append(typeof(Json).Assembly.Location).Distinct().Select(path => MetadataReference.CreateFromFile(path))];

    [Theory]
    [InlineData("background model, scalers and standardisation", "FrontEnd.Fit({0}, options, store, device)", "train", "test")]
    [InlineData("a network's weights and its schedule", "trainer.Fit({0})", "trainSamples", "testSamples")]
    [InlineData("a classifier, and the C that it chooses", "system.Fit({0})", "trainSamples", "testSamples")]
    [InlineData("a support vector machine's hyper-parameter", "new GsvSvm().Fit({0})", "trainSamples", "testSamples")]
    [InlineData("device models", "new GmmUbm(null!, 10, device).Fit({0})", "trainSamples", "testSamples")]
    [InlineData("a split with its sides swapped", "new Split(\"x\", {0}, test)", "train", "test")]
    public void TrainingTakesNoTestItems(string what, string call, string allowed, string forbidden)
    {
        var errors = Errors(string.Format(null, call, allowed));
        Assert.True(errors.Count == 0, $"{what}: {string.Join("; ", errors)}");
        Assert.Contains(Errors(string.Format(null, call, forbidden)), error => error.Id == "CS1503");
    }

    [Theory]
    [InlineData("Evaluator.Evaluate(network, {0}, device)", "testSamples", "trainSamples")]
    [InlineData("Evaluator.Evaluate(system, {0})", "testSamples", "trainSamples")]
    [InlineData("frontEnd.Transform({0})", "test", "train")]
    [InlineData("frontEnd.Transform({0}, System.Array.Empty<DeviceId.Audio.AudioClip>())", "test", "train")]
    public void EvaluationTakesNoTrainingItems(string call, string allowed, string forbidden)
    {
        Assert.Empty(Errors(string.Format(null, call, allowed)));
        Assert.Contains(Errors(string.Format(null, call, forbidden)), error => error.Id == "CS1503");
    }

    private static List<Diagnostic> Errors(string expression)
    {
        var tree = CSharpSyntaxTree.ParseText(
            string.Format(null, Frame, expression), cancellationToken: TestContext.Current.CancellationToken);
        return [.. CSharpCompilation.Create(Friend, [tree], References, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary))
            .GetDiagnostics(TestContext.Current.CancellationToken).Where(d => d.Severity == DiagnosticSeverity.Error)];
    }
}
