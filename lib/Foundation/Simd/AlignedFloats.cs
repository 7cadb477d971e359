using System.Runtime.InteropServices;

namespace DeviceId.Foundation.Simd;

/// <summary>Single-precision numbers, zero at first, that begin on a cache line: a register's load never crosses two of them.</summary>
internal sealed class AlignedFloats
{
    private const int LineBytes = 64;
    private readonly float[] _array;
    private readonly int _first;

    public AlignedFloats(int length)
    {
        _array = GC.AllocateArray<float>(length + (LineBytes / sizeof(float)), pinned: true);
        var past = (int)(Marshal.UnsafeAddrOfPinnedArrayElement(_array, 0) % LineBytes);
        (_first, Length) = ((LineBytes - past) % LineBytes / sizeof(float), length);
    }

    public int Length { get; }

    public Span<float> Span => _array.AsSpan(_first, Length);

    public ref float this[int index] => ref _array[_first + index];
}
