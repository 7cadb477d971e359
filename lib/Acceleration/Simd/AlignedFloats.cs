using System.Runtime.InteropServices;

namespace DeviceId.Acceleration.Simd;

/// <summary>Single-precision numbers, zero at first, that begin on a page and have their last page for themselves.</summary>
/// <remarks>
/// A register's load never crosses two cache lines. And a core that works through one thread's numbers fetches ahead beyond their end, up to the end of the page: lines
/// of another thread's numbers there would be taken from its core again and again (measured on two distant cores: the feature extraction took 0.26 s instead of 0.20).
/// </remarks>
internal sealed class AlignedFloats
{
    private const int PageBytes = 4096;
    private readonly float[] _array;
    private readonly int _first;

    public AlignedFloats(int length)
    {
        _array = GC.AllocateArray<float>(length + (2 * PageBytes / sizeof(float)), pinned: true);
        var past = (int)(Marshal.UnsafeAddrOfPinnedArrayElement(_array, 0) % PageBytes);
        (_first, Length) = ((PageBytes - past) % PageBytes / sizeof(float), length);
    }

    public int Length { get; }

    public Span<float> Span => _array.AsSpan(_first, Length);

    public ref float this[int index] => ref _array[_first + index];
}
