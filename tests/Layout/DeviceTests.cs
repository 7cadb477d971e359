using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DeviceId.Tests.Layout;

/// <summary>
/// Every new tensor is created with an explicit device: code without one works on the CPU and fails on a GPU, where tests seldom run.
/// </summary>
public sealed class DeviceTests
{
    private static readonly string[] Folders = ["Features", "Mixtures", "Data", "Models", "Training", "Classifiers", "Clustering"];

    /// <summary>
    /// Functions that create a tensor without a tensor argument; <c>zeros_like</c> and the like use the device of their argument.
    /// </summary>
    private static readonly string[] Factories =
    [
        "zeros", "ones", "empty", "full", "arange", "eye", "tensor", "as_tensor", "from_array", "rand", "randn", "randint", "randperm",
        "linspace", "logspace", "hann_window", "hamming_window",
    ];

    [Fact]
    public void EveryTensorIsCreatedWithADevice()
    {
        var files = Folders.SelectMany(folder => RepositoryFiles.Under("lib/" + folder)).ToList();
        var calls = files.SelectMany(file => Calls(RepositoryFiles.Read(file)), (file, call) => (File: Path.GetFileName(file), Call: call))
            .ToList();

        // About half of the numbers when this was written: a search that finds nothing would pass.
        Assert.True(files.Count > 40 && calls.Count > 15, $"only {files.Count} files with {calls.Count} calls were searched");
        Assert.Empty(calls.Where(found => !HasDevice(found.Call)).Select(found => $"{found.File}, line {Line(found.Call)}: {found.Call}"));
    }

    [Theory]
    [InlineData("zeros(3)", false)]
    [InlineData("torch.zeros(3, ScalarType.Float64)", false)]
    [InlineData("TorchSharp.torch.full([2], 1f, device: null)", false)]
    [InlineData("tensor(values).to(device)", false)]
    [InlineData("tensor(rows.Select(r => r.device).Count())", false)]
    [InlineData("zeros(3, device: device)", true)]
    [InlineData("torch.ones([2, 3], ScalarType.Float32, _device)", true)]
    [InlineData("randn(2, 3, ScalarType.Float32, x.device)", true)]
    [InlineData("tensor(values, ScalarType.Float32, CPU)", true)]
    public void ACallIsFoundAndClassified(string call, bool hasDevice)
    {
        var source = $$"""class Planted { Tensor Of(Tensor x, Device device) => x + {{call}} * zeros_like(x) + Other.tensor(x); }""";
        var found = Assert.Single(Calls(source));
        Assert.Equal(hasDevice, HasDevice(found));
    }

    private static IEnumerable<InvocationExpressionSyntax> Calls(string source)
    {
        var cancelled = TestContext.Current.CancellationToken;
        return CSharpSyntaxTree.ParseText(source, cancellationToken: cancelled).GetRoot(cancelled)
            .DescendantNodes().OfType<InvocationExpressionSyntax>().Where(call => Factories.Contains(FactoryOf(call.Expression)));
    }

    /// <summary>Name of the called function, if it is called by itself or on <c>torch</c>.</summary>
    private static string? FactoryOf(ExpressionSyntax expression) => expression switch
    {
        SimpleNameSyntax name => name.Identifier.Text,
        MemberAccessExpressionSyntax member when member.Expression.ToString() is "torch" or "TorchSharp.torch" =>
            member.Name.Identifier.Text,
        _ => null,
    };

    private static bool HasDevice(InvocationExpressionSyntax call) => call.ArgumentList.Arguments.Any(argument => argument switch
    {
        { NameColon.Name.Identifier.Text: "device" } => argument.Expression is not LiteralExpressionSyntax, // null, default
        { NameColon: not null } => false,
        { Expression: IdentifierNameSyntax { Identifier.Text: "CPU" or "device" or "_device" } } => true,
        { Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "device" or "CPU" } } => true,
        _ => false,
    });

    private static int Line(SyntaxNode node) => node.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
}
