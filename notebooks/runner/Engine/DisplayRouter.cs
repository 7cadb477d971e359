using System.Collections.Concurrent;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.Formatting;

namespace DeviceId.Notebooks.Engine;

/// <summary>
/// Passes what the kernels of a session show to the outputs of the running cell. Values are replaced by their identifier, also from a
/// later cell.
/// </summary>
internal sealed class DisplayRouter : IObserver<KernelEvent>
{
    private static readonly AsyncLocal<DisplayRouter?> Flow = new();

    private readonly ConcurrentDictionary<string, Shown> _shown = new(StringComparer.Ordinal);

    // Subscribed before the first kernel exists, so that a value that cannot be shown fails here before the package publishes it.
    static DisplayRouter() => Formatter.SubscribeToDisplayedValues(OnDisplayed);

    /// <summary>The router of the session that this thread or task belongs to.</summary>
    public static DisplayRouter? Current
    {
        get => Flow.Value;
        set => Flow.Value = value;
    }

    /// <summary>The outputs of the cell that is running, or that ran last.</summary>
    public CellOutputs? Outputs { get; set; }

    /// <summary>Shows a value in the cell of a context. A task may outlive its cell: then it shows in the cell that runs now.</summary>
    public static void Show(KernelInvocationContext context, DisplayedValue displayed)
    {
        var shown = new DisplayedValueProduced(displayed.Value, context.Command, displayed.FormattedValues, displayed.DisplayId);
        if (context.IsComplete)
            Current?.OnNext(shown);
        else
            context.Publish(shown);
    }

    public void OnNext(KernelEvent value)
    {
        switch (value)
        {
            case ReturnValueProduced result:
                Add(result, isResult: true);
                break;
            case DisplayedValueProduced shown:
                Add(shown, isResult: false);
                break;
            case DisplayedValueUpdated update:
                Replace(update);
                break;
        }
    }

    public void OnError(Exception error)
    {
    }

    public void OnCompleted()
    {
    }

    private static void OnDisplayed(DisplayedValue displayed)
    {
        if (Current is not { } router)
            return;
        if (displayed.IsUpdated && router._shown.TryGetValue(displayed.DisplayId, out var shown))
            _ = shown.Bundle(displayed.Value, displayed.FormattedValues);
        if (KernelInvocationContext.Current is not { IsComplete: true } context)
            return;
        if (displayed.IsUpdated)
            router.OnNext(new DisplayedValueUpdated(displayed.Value, displayed.DisplayId, context.Command, displayed.FormattedValues));
        else
            Show(context, displayed);
    }

    private void Add(DisplayEvent value, bool isResult)
    {
        // An update can arrive before the display that it replaces: then it is what is shown.
        if (Outputs is not { } outputs || (value.ValueId is { } known && _shown.ContainsKey(known)))
            return;
        var isContent = value.Value is string text && value.FormattedValues.All(f => f.Value == text);
        var index = outputs.Add(MimeBundle.Create(value.FormattedValues), isResult);
        if (value.ValueId is { } id)
            _shown[id] = new Shown(outputs, index, isContent);
    }

    private void Replace(DisplayedValueUpdated update)
    {
        if (_shown.TryGetValue(update.ValueId, out var shown))
            shown.Outputs.Replace(shown.Index, shown.Bundle(update.Value, update.FormattedValues));
        else
            Add(update, isResult: false);
    }

    /// <param name="Outputs">The outputs of the cell that showed the value first.</param>
    /// <param name="Index">Its place among them.</param>
    /// <param name="IsContent">Whether it was a string that is content of its MIME types already.</param>
    private sealed record Shown(CellOutputs Outputs, int Index, bool IsContent)
    {
        public IReadOnlyDictionary<string, string> Bundle(object? value, IReadOnlyCollection<FormattedValue> formatted) =>
            MimeBundle.Create(IsContent && value is string text ? formatted.Select(f => new FormattedValue(f.MimeType, text)) : formatted);
    }
}
